/** Your data: taking it along, what the site stores, and leaving. */
import { t } from "../../catalogue/catalogue.ts";
import { Leaving } from "./leaving.tsx";
import { Stored } from "./stored.tsx";
import { Takeout } from "./takeout.tsx";
import "../../style/data.css";

export function Data() {
  return (
    <>
      <p class="muted">{t("data.lead")}</p>
      <Takeout />
      <Stored />
      <Leaving />
    </>
  );
}
