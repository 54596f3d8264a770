/** The language of the screens: each named in itself, shown at once, kept in this browser. */
import { useId } from "preact/hooks";
import { chooseLanguage } from "../../state/language.ts";
import { isLanguage, type Language, language, languages, setLanguage, t } from "../catalogue/catalogue.ts";
import { useDeed } from "./deed.ts";
import { FormFault } from "./states.tsx";

export function LanguageChoice() {
  const id = useId();
  const changing = useDeed();
  const choose = async (tag: Language) => {
    await setLanguage(tag);
    await chooseLanguage(tag);
  };
  return (
    <div class="field language">
      <label for={id}>{t("login.language")}</label>
      <select
        id={id}
        class="input"
        value={language.value}
        onChange={({ currentTarget: { value } }) => {
          if (isLanguage(value)) void changing.run(() => choose(value));
        }}
      >
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      <FormFault fault={changing.fault.value} />
    </div>
  );
}
