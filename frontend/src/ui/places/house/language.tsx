/** The language of the app and of one's public pages. */
import { t } from "../../catalogue/catalogue.ts";
import { LanguageChoice } from "../../parts/language.tsx";

export function LanguageRoom() {
  return (
    <section class="card">
      <p class="muted">{t("language.lead")}</p>
      <LanguageChoice />
    </section>
  );
}
