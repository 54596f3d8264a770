/** Writing a post: a text area that grows, title and tags on wish, a preview of what will be published. The draft is kept. */
import { effect, type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import { useCallback, useEffect, useId, useMemo } from "preact/hooks";
import type { SafeNode } from "../../../state/body.ts";
import { preview } from "../../../state/posts.ts";
import type { PostFields, Sending, WrittenPost } from "../../../state/shapes.ts";
import { type Kept, keeper, tagsOf } from "../../../state/writing.ts";
import { t } from "../../catalogue/catalogue.ts";
import { AttachButton, Attachments, DropPlace } from "../../parts/attach.tsx";
import { Body } from "../../parts/body.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { useDraft } from "../../parts/draft.ts";
import { Grow } from "../../parts/field.tsx";
import { FormFault, Skeleton } from "../../parts/states.tsx";
import { useTray } from "../../parts/tray.ts";

interface ComposerProps {
  /** The name under which the draft is kept. */
  draft: string;
  /** What stands there when no draft is kept. */
  start?: WrittenPost;
  /** The post that is changed, if one is. */
  post?: number;
  deed: string;
  onSend: (fields: PostFields & Sending) => Promise<void>;
  onCancel?: () => void;
  /** Stays small until somebody writes. */
  folded?: boolean;
}

/** The words in a composer, kept in this browser with each key and at the site soon after. */
function useWords(draft: string, start: WrittenPost | undefined, post?: number) {
  const source = useDraft(draft, start?.source ?? "");
  const title = useDraft(`${draft}.title`, start?.title ?? "");
  const tags = useDraft(`${draft}.tags`, start?.tags.join(", ") ?? "");
  const uid = useDraft(`${draft}.uid`);
  const tray = useTray(draft, start?.shows);
  const keeping = useMemo(() => keeper(draft), [draft]);
  const fields = useCallback(
    () => ({ title: title.value, source: source.value, tags: tagsOf(tags.value), shows: tray.attached() }),
    [title, source, tags, tray.attached],
  );
  useEffect(() => {
    let last = JSON.stringify(fields());
    const stop = effect(() => {
      const now = fields();
      const said = JSON.stringify(now);
      if (said === last) return;
      last = said;
      keeping.wrote(post === undefined ? now : { ...now, post });
    });
    return () => {
      stop();
      void keeping.flush();
    };
  }, [keeping, post, fields]);
  function clear(): void {
    keeping.done();
    for (const one of [source, title, tags, uid]) one.value = "";
    tray.clear();
  }
  return { source, title, tags, uid, tray, keeping, fields, clear };
}

export function Composer({ draft, start, post, deed, onSend, onCancel, folded = false }: ComposerProps) {
  const words = useWords(draft, start, post);
  const { source, title, tray } = words;
  const open = useSignal(!folded || source.value !== "" || title.value !== "");
  const empty = !source.value.trim() && tray.items.value.length === 0;
  const unready = empty || tray.unfinished.value;
  const previewing = useSignal(false);
  const sending = useDeed();

  async function send(): Promise<void> {
    if (unready) return;
    words.uid.value ||= crypto.randomUUID();
    const fine = await sending.run(async () => {
      await words.keeping.flush();
      const kept = words.keeping.draft();
      const also = { uid: words.uid.value, ...(kept === null ? {} : { draft: kept }) };
      await onSend({ ...words.fields(), ...also });
    });
    if (!fine) return;
    words.clear();
    previewing.value = false;
    open.value = !folded;
  }

  return (
    <form
      class="card composer"
      aria-label={t("porch.form")}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        if (event.key === "Enter") {
          event.preventDefault();
          void send();
        } else if (event.key.toLowerCase() === "p" && event.shiftKey) {
          event.preventDefault();
          previewing.value = !previewing.value;
        }
      }}
    >
      {open.value && <TitleInput title={title} />}
      <DropPlace tray={tray}>
        {previewing.value ? (
          <Preview source={source.value} title={title.value} />
        ) : (
          <WordsInput source={source} open={open} />
        )}
        <Attachments tray={tray} />
      </DropPlace>
      {(open.value || !empty) && (
        <>
          <TagsInput tags={words.tags} />
          <FormFault fault={sending.fault.value} />
          <div class="composer-end">
            <AttachButton tray={tray} />
            <PreviewSwitch previewing={previewing} />
            <p class="small muted">
              {previewing.value ? t("porch.public") : t("porch.markdown")}{" "}
              <KeptLine kept={words.keeping.kept} />
            </p>
            {onCancel && <Button onPress={onCancel}>{t("app.cancel")}</Button>}
            <Button kind="primary" icon="send" mirrored submit busy={sending.busy.value} disabled={unready}>
              {sending.busy.value ? t("porch.publishing") : deed}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

function WordsInput({ source, open }: { source: Signal<string>; open: Signal<boolean> }) {
  return (
    <Grow
      value={source.value}
      aria-label={t("porch.writeLabel")}
      placeholder={t("porch.write")}
      dir="auto"
      data-shortcut="write"
      maxLength={60000}
      onFocus={() => {
        open.value = true;
      }}
      onInput={(event) => {
        source.value = event.currentTarget.value;
      }}
    />
  );
}

function TitleInput({ title }: { title: Signal<string> }) {
  return (
    <input
      class="input title-input"
      aria-label={t("porch.postTitle")}
      placeholder={`${t("porch.postTitle")} (${t("porch.postTitleHint").toLocaleLowerCase()})`}
      maxLength={200}
      dir="auto"
      value={title.value}
      onInput={(event) => {
        title.value = event.currentTarget.value;
      }}
    />
  );
}

function TagsInput({ tags }: { tags: Signal<string> }) {
  return (
    <input
      class="input"
      aria-label={t("writing.tags")}
      placeholder={t("writing.tagsHint")}
      maxLength={1000}
      dir="auto"
      autocapitalize="none"
      value={tags.value}
      onInput={(event) => {
        tags.value = event.currentTarget.value;
      }}
    />
  );
}

const keptWords = {
  nothing: null,
  here: "writing.keptHere",
  site: "writing.keptSite",
  unreachable: "writing.keptUnreachable",
} as const;

function KeptLine({ kept }: { kept: ReadonlySignal<Kept> }) {
  const said = keptWords[kept.value];
  return <span role="status">{said && t(said)}</span>;
}

function PreviewSwitch({ previewing }: { previewing: { value: boolean } }) {
  const id = useId();
  return (
    <Button
      kind="quiet"
      icon={previewing.value ? "pencil" : "eye"}
      attributes={{ id }}
      onPress={() => {
        previewing.value = !previewing.value;
      }}
    >
      {previewing.value ? t("porch.tabWrite") : t("porch.tabPreview")}
    </Button>
  );
}

function Preview({ source, title }: { source: string; title: string }) {
  const nodes = useSignal<SafeNode[] | null>(null);
  const { run, fault } = useDeed();
  useEffect(() => {
    void run(async () => {
      nodes.value = source.trim() ? await preview(source) : [];
    });
  }, [source, run, nodes]);
  if (fault.value) return <FormFault fault={fault.value} />;
  if (nodes.value === null) return <Skeleton bones={1} />;
  return (
    <section class="preview" aria-label={t("porch.tabPreview")}>
      {title.trim() && <h2 class="post-title">{title}</h2>}
      {nodes.value.length > 0 ? <Body nodes={nodes.value} /> : <p class="muted">{t("porch.previewEmpty")}</p>}
    </section>
  );
}
