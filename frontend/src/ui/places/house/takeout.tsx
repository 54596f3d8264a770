/** Taking everything along, in one file. */
import { packed, takeAll } from "../../../state/takeout.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { percentText } from "../../parts/size.ts";
import { FormFault } from "../../parts/states.tsx";

export function Takeout() {
  const taking = useDeed();
  const part = packed.value;
  return (
    <section class="card stack" aria-labelledby="takeout-title">
      <h2 id="takeout-title">{t("data.takeout")}</h2>
      <p>{t("data.takeoutHint")}</p>
      <p class="muted">{t("data.takeoutPrivate")}</p>
      <div class="row">
        <Button icon="download" busy={taking.busy.value} onPress={() => taking.run(() => takeAll(download))}>
          {t("data.takeoutNow")}
        </Button>
        <PlaceButton to="/house/vault" kind="quiet" icon="vault">
          {t("data.toVault")}
        </PlaceButton>
      </div>
      {part !== null && (
        <p role="status">
          <progress aria-label={t("data.takeout")} max={1} value={part} />{" "}
          {t("data.packing", { part: percentText(part) })}
        </p>
      )}
      <FormFault fault={taking.fault.value} />
    </section>
  );
}

/** The browser's own download, which goes on when this page is left. */
function download(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}
