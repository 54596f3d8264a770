/** Lists of feeds that come from other readers and go to them (OPML). */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { importList, OPML_PATH } from "../../../state/people.ts";
import type { OpmlReport } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault } from "../../parts/states.tsx";

export function Lists() {
  const chosen = useRef<HTMLInputElement>(null);
  const report = useSignal<OpmlReport | null>(null);
  const taking = useDeed();

  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    report.value = null;
    await taking.run(async () => {
      report.value = await importList(file);
    });
    if (chosen.current) chosen.current.value = "";
  }

  return (
    <section class="stack close" aria-labelledby="lists-title">
      <h2 id="lists-title" class="section-title">
        {t("people.lists")}
      </h2>
      <p class="muted">{t("people.listsHint")}</p>
      <div class="row">
        <input
          ref={chosen}
          type="file"
          accept=".opml,.xml,text/x-opml,text/xml"
          class="hidden-visually"
          tabIndex={-1}
          aria-label={t("people.import")}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        <Button icon="plus" busy={taking.busy.value} onPress={() => chosen.current?.click()}>
          {taking.busy.value ? t("people.importBusy") : t("people.import")}
        </Button>
        <OutButton href={OPML_PATH} icon="arrow-up" kind="quiet">
          {t("people.export")}
        </OutButton>
      </div>
      <FormFault fault={taking.fault.value} />
      <div role="status">{report.value && <Report report={report.value} />}</div>
    </section>
  );
}

function Report({ report }: { report: OpmlReport }) {
  const { added, known, refused } = report;
  return (
    <div class="stack close">
      <p>
        {t("people.imported", { count: added.length })}. {added.length > 0 && t("people.importSoon")}
      </p>
      {known.length > 0 && <p class="muted">{t("people.importKnown", { count: known.length })}.</p>}
      {refused.length > 0 && (
        <>
          <p class="muted">{t("people.importRefused", { count: refused.length })}:</p>
          <ul class="small">
            {refused.map((url) => (
              <li key={url}>
                <bdi>{url}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
