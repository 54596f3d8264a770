/** Writing a post: a text area that grows, a title on wish, a preview of what will be published. The draft is kept. */
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import type { SafeNode } from "../../../state/body.ts";
import { preview } from "../../../state/posts.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Body } from "../../parts/body.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { useDraft } from "../../parts/draft.ts";
import { Grow } from "../../parts/field.tsx";
import { FormFault, Skeleton } from "../../parts/states.tsx";

interface ComposerProps {
  /** The name under which the draft is kept. */
  draft: string;
  /** What stands there when no draft is kept. */
  start?: { title: string | null; source: string };
  deed: string;
  onSend: (fields: { title: string | null; source: string }) => Promise<void>;
  onCancel?: () => void;
  /** Stays small until somebody writes. */
  folded?: boolean;
}

export function Composer({ draft, start, deed, onSend, onCancel, folded = false }: ComposerProps) {
  const source = useDraft(draft, start?.source ?? "");
  const title = useDraft(`${draft}.title`, start?.title ?? "");
  const open = useSignal(!folded || source.value !== "" || title.value !== "");
  const previewing = useSignal(false);
  const sending = useDeed();

  async function send(): Promise<void> {
    if (!source.value.trim()) return;
    const fine = await sending.run(() => onSend({ title: title.value, source: source.value }));
    if (!fine) return;
    source.value = "";
    title.value = "";
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
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        }
      }}
    >
      {open.value && (
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
      )}
      {previewing.value ? (
        <Preview source={source.value} title={title.value} />
      ) : (
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
      )}
      {open.value && (
        <>
          <FormFault fault={sending.fault.value} />
          <div class="composer-end">
            <PreviewSwitch previewing={previewing} />
            <p class="small muted">{previewing.value ? t("porch.public") : t("porch.markdown")}</p>
            {onCancel && <Button onPress={onCancel}>{t("app.cancel")}</Button>}
            <Button
              kind="primary"
              icon="send"
              mirrored
              submit
              busy={sending.busy.value}
              disabled={!source.value.trim()}
            >
              {sending.busy.value ? t("porch.publishing") : deed}
            </Button>
          </div>
        </>
      )}
    </form>
  );
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
