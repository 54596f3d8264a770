/** The files of a post while it is written: chosen, dropped or pasted, with their progress and their description. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { type Attachment, MOST, MOST_ALT, type Tray } from "../../state/attachments.ts";
import { tell } from "../../state/notices.ts";
import { t } from "../catalogue/catalogue.ts";
import { Button } from "./button.tsx";
import { Thumb } from "./media.tsx";
import { percentText, sizeText } from "./size.ts";
import { FormFault } from "./states.tsx";

const TAKEN =
  "image/jpeg,image/png,image/gif,image/webp,image/avif,audio/*,video/mp4,video/webm,application/pdf";

function take(tray: Tray, files: Iterable<File>): void {
  const chosen = [...files];
  if (chosen.length > MOST - tray.items.value.length) tell(t("media.most", { count: MOST }));
  tray.add(chosen);
}

/** Takes what is dropped or pasted anywhere inside. */
export function DropPlace({ tray, children }: { tray: Tray; children: ComponentChildren }) {
  const over = useSignal(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut for the button below
    <div
      class={over.value ? "drop-place over" : "drop-place"}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        over.value = false;
        take(tray, event.dataTransfer?.files ?? []);
      }}
      onPaste={(event) => {
        const files = event.clipboardData?.files;
        if (!files?.length) return;
        event.preventDefault();
        take(tray, files);
      }}
    >
      {children}
      {over.value && (
        <p class="drop-sign" aria-hidden="true">
          {t("media.dropHere")}
        </p>
      )}
    </div>
  );
}

export function AttachButton({ tray }: { tray: Tray }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind="quiet" icon="paperclip" onPress={() => picker.current?.click()}>
        {t("media.add")}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={TAKEN}
        aria-label={t("media.add")}
        onChange={(event) => {
          take(tray, event.currentTarget.files ?? []);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

export function Attachments({ tray }: { tray: Tray }) {
  const items = tray.items.value;
  if (items.length === 0) return null;
  const plain = items.some((item) => item.media.value && item.media.value.kind !== "image");
  return (
    <section aria-label={t("media.list")}>
      <ol class="bare attachments">
        {items.map((item, index) => (
          <li key={item.key}>
            <Line tray={tray} item={item} first={index === 0} last={index === items.length - 1} />
          </li>
        ))}
      </ol>
      {plain && <p class="small muted">{t("media.asIs")}</p>}
    </section>
  );
}

function stageText(item: Attachment): string {
  const stage = item.stage.value;
  if (stage !== "sending") return t(`media.${stage}`);
  return t("media.sending", { percent: percentText(item.size ? item.sent.value / item.size : 0) });
}

interface LineProps {
  tray: Tray;
  item: Attachment;
  first: boolean;
  last: boolean;
}

function Line({ tray, item, first, last }: LineProps) {
  const { name } = item;
  const stage = item.stage.value;
  return (
    <div class="attachment">
      <Thumb media={item.media.value} />
      <div class="attachment-about">
        <p class="small">
          <bdi>{name}</bdi> <span class="muted">· {sizeText(item.size)}</span>
        </p>
        {stage === "ready" ? (
          <Description item={item} />
        ) : (
          <>
            {stage !== "failed" && (
              <progress
                aria-label={t("media.progress", { name })}
                max={item.size}
                {...(stage === "preparing" ? {} : { value: item.sent.value })}
              />
            )}
            <p class="small muted" role="status">
              {stageText(item)}
            </p>
          </>
        )}
        <FormFault fault={item.fault.value} />
      </div>
      <div class="attachment-tools">
        {stage === "failed" && (
          <Button kind="quiet" icon="refresh-cw" iconOnly onPress={() => tray.again(item)}>
            {t("media.again")}
          </Button>
        )}
        {!first && (
          <Button kind="quiet" icon="arrow-up" iconOnly onPress={() => tray.move(item, -1)}>
            {t("media.earlier", { name })}
          </Button>
        )}
        {!last && (
          <Button kind="quiet" icon="arrow-down" iconOnly onPress={() => tray.move(item, 1)}>
            {t("media.later", { name })}
          </Button>
        )}
        <Button kind="quiet" icon="x" iconOnly onPress={() => tray.remove(item)}>
          {t("media.remove", { name })}
        </Button>
      </div>
    </div>
  );
}

function Description({ item }: { item: Attachment }) {
  const id = useId();
  return (
    <>
      <label class="hidden-visually" for={id}>
        {t("media.alt")}
      </label>
      <input
        id={id}
        class="input"
        dir="auto"
        maxLength={MOST_ALT}
        placeholder={t("media.alt")}
        value={item.alt.value}
        onInput={(event) => {
          item.alt.value = event.currentTarget.value;
        }}
      />
    </>
  );
}
