/** Taking one's posts out, and bringing an archive in. */
import { useEffect, useRef } from "preact/hooks";
import { bringIn, exportUrl, imports, isRunning, sent, watchImports } from "../../../state/archives.ts";
import type { PostImport } from "../../../state/shapes.ts";
import { type Key, t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { percentText } from "../../parts/size.ts";
import { FormFault, Loaded, sentence } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

const reasons = {
  boost: "archive.skippedBoost",
  not_public: "archive.skippedPrivate",
  media: "archive.skippedMedia",
  empty: "archive.skippedEmpty",
  no_date: "archive.skippedDate",
  too_long: "archive.skippedLong",
} as const satisfies Record<string, Key>;

export function Archive() {
  useEffect(watchImports, []);
  return (
    <section class="card stack" aria-labelledby="archive-title">
      <h2 id="archive-title">{t("archive.title")}</h2>
      <p class="muted">{t("archive.exportHint")}</p>
      <div class="row">
        <OutButton href={exportUrl} download="" icon="download">
          {t("archive.export")}
        </OutButton>
      </div>
      <p class="muted">{t("archive.importHint")}</p>
      <Bring />
      <Loaded
        from={imports}
        failed={t("archive.failed")}
        bones={1}
        isEmpty={(list) => list.length === 0}
        empty={<p class="small muted">{t("archive.none")}</p>}
      >
        {(list) => (
          <ul class="bare stack">
            {list.map((one) => (
              <ImportLine key={one.id} one={one} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function Bring() {
  const file = useRef<HTMLInputElement>(null);
  const sending = useDeed();
  const part = sent.value;
  return (
    <>
      <input
        ref={file}
        type="file"
        class="hidden-visually"
        tabIndex={-1}
        aria-label={t("archive.choose")}
        accept=".zip,.tar.gz,.tgz,application/zip,application/gzip"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen) void sending.run(() => bringIn(chosen));
        }}
      />
      <div class="row">
        <Button
          icon="file-text"
          busy={sending.busy.value || isRunning(imports.data.value)}
          onPress={() => file.current?.click()}
        >
          {part === null ? t("archive.import") : t("archive.sending", { part: percentText(part) })}
        </Button>
      </div>
      <FormFault fault={sending.fault.value} />
    </>
  );
}

function ImportLine({ one }: { one: PostImport }) {
  return (
    <li>
      <p role={one.state === "running" ? "status" : undefined}>
        <Icon name={one.state === "done" ? "check" : one.state === "failed" ? "circle-alert" : "clock"} />{" "}
        <strong dir="auto">{one.name}</strong> · {outcome(one)}
      </p>
      <p class="small muted">
        {Object.entries(one.skipped)
          .map(([why, count]) => t(reasons[why as keyof typeof reasons] ?? "archive.skippedOther", { count }))
          .map((said) => `${said} · `)}
        <Time at={one.time} />
      </p>
    </li>
  );
}

function outcome(one: PostImport): string {
  switch (one.state) {
    case "waiting":
      return t("archive.waiting");
    case "running":
      return t("archive.running", { count: one.seen });
    case "failed":
      return sentence({ code: one.problem });
    case "done":
      return [
        t("archive.added", { count: one.added }),
        ...(one.files > 0 ? [t("archive.files", { count: one.files })] : []),
        t("archive.known", { count: one.known }),
      ].join(", ");
  }
}
