/** Your data: what the site stores. */
import { t } from "../../catalogue/catalogue.ts";
import { Stored } from "./stored.tsx";
import "../../style/data.css";

export function Data() {
  return (
    <>
      <p class="muted">{t("data.lead")}</p>
      <Stored />
    </>
  );
}
