/** A forgotten password: the 24 words, and a new one. */
import { useSignal } from "@preact/signals";
import { useLocation } from "wouter-preact";
import { startOver } from "../../../state/login.ts";
import { tell } from "../../../state/notices.ts";
import { resetPassword } from "../../../state/reset.ts";
import { site } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { LongField } from "../../parts/field.tsx";
import { NewPasswordField, useNewPassword } from "../../parts/secrets.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Door } from "./frame.tsx";
import { UsernameField } from "./login.tsx";

function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

export default function Reset() {
  const username = useSignal("");
  const words = useSignal("");
  const password = useNewPassword();
  const drop = useSignal(false);
  const setting = useDeed();
  const [, navigate] = useLocation();

  async function go(): Promise<void> {
    if (!password.ready()) return;
    const name = username.value.trim().toLowerCase();
    const factors = drop.value ? "drop" : "keep";
    if (!(await setting.run(() => resetPassword(name, words.value, password.text.value, factors)))) return;
    words.value = "";
    startOver();
    tell(t("reset.done"));
    navigate("/login", { replace: true });
  }

  return (
    <Door
      title={t("reset.title")}
      heading={t("reset.title")}
      lead={t("reset.lead")}
      onSubmit={() => void go()}
    >
      <UsernameField value={username} />
      <LongField
        label={t("reset.words")}
        value={words.value}
        hint={words.value ? t("reset.count", { count: countWords(words.value) }) : t("reset.wordsHint")}
        onText={(text) => {
          words.value = text;
        }}
        attributes={{
          autoComplete: "off",
          autoCapitalize: "none",
          spellcheck: false,
          required: true,
          rows: 4,
          dir: "ltr",
        }}
      />
      <NewPasswordField of={password} label={t("reset.password")} hint={t("reset.ends")} />
      <label class="switch">
        <input
          type="checkbox"
          checked={drop.value}
          onChange={(event) => {
            drop.value = event.currentTarget.checked;
          }}
        />
        <span>{t("reset.drop")}</span>
      </label>
      {drop.value && <p class="small muted">{t("reset.dropHint")}</p>}
      <FormFault fault={setting.fault.value} />
      <Button kind="primary" class="wide" submit busy={setting.busy.value}>
        {t("reset.submit")}
      </Button>
      {site.value?.mail && (
        <PlaceButton to="/login/mail" kind="quiet">
          {t("mail.instead")}
        </PlaceButton>
      )}
      <PlaceButton to="/login" kind="quiet">
        {t("reset.back")}
      </PlaceButton>
    </Door>
  );
}
