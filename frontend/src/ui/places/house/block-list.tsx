/** A shared list of sites to block: read from a file, looked at, then taken. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type BlockListReport, readBlockList } from "../../../state/moderation.ts";
import { tell } from "../../../state/notices.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault } from "../../parts/states.tsx";

export function BlockList() {
  const picker = useRef<HTMLInputElement>(null);
  const text = useSignal("");
  const report = useSignal<BlockListReport | null>(null);
  const reading = useDeed();
  const look = async (file: File | undefined) => {
    if (!file) return;
    await reading.run(async () => {
      text.value = await file.text();
      report.value = await readBlockList(text.value, false);
    });
  };
  const apply = async () => {
    const count = report.value?.new.length ?? 0;
    const fine = await reading.run(() => readBlockList(text.value, true));
    if (!fine) return;
    report.value = null;
    tell(t("blockList.done", { count }));
  };
  return (
    <div class="stack close">
      <h3>{t("blockList.title")}</h3>
      <p class="small muted">{t("blockList.lead")}</p>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".csv,.txt,text/csv,text/plain"
        aria-label={t("blockList.choose")}
        onChange={(event) => {
          void look(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <div class="row">
        <Button icon="file-text" busy={reading.busy.value} onPress={() => picker.current?.click()}>
          {t("blockList.choose")}
        </Button>
      </div>
      <FormFault fault={reading.fault.value} />
      {report.value && (
        <>
          <Preview report={report.value} />
          <div class="row">
            <Button
              onPress={() => {
                report.value = null;
              }}
            >
              {t("app.cancel")}
            </Button>
            <Button
              kind="danger"
              busy={reading.busy.value}
              disabled={report.value.new.length === 0}
              onPress={apply}
            >
              {t("blockList.apply", { count: report.value.new.length })}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function Preview({ report }: { report: BlockListReport }) {
  const parts = [
    [t("blockList.new", { count: report.new.length }), report.new],
    [t("blockList.known", { count: report.known.length }), report.known],
    [t("blockList.skipped", { count: report.skipped.length }), report.skipped],
    [t("blockList.refused", { count: report.refused.length }), report.refused],
  ] as const;
  return (
    <div role="status">
      {parts
        .filter(([, sites]) => sites.length > 0)
        .map(([title, sites]) => (
          <details key={title}>
            <summary>{title}</summary>
            <ul class="bare small">
              {sites.map((site) => (
                <li key={site} dir="ltr">
                  {site}
                </li>
              ))}
            </ul>
          </details>
        ))}
    </div>
  );
}
