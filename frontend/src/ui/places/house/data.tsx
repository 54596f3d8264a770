/** Your data: taking it along, and what the site stores. */
import { t } from "../../catalogue/catalogue.ts";
import { Stored } from "./stored.tsx";
import { Takeout } from "./takeout.tsx";
import "../../style/data.css";

export function Data() {
  return (
    <>
      <p class="muted">{t("data.lead")}</p>
      <Takeout />
      <Stored />
    </>
  );
}
