/** A forgotten password: the 24 words, and a new one. */
import { useSignal } from "@preact/signals";
import { useLocation } from "wouter-preact";
import { resetPassword, startOver } from "../../../state/login.ts";
import { tell } from "../../../state/notices.ts";
import { site } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { LongField, PasswordField } from "../../parts/field.tsx";
import { SHORTEST_PASSWORD } from "../../parts/secrets.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Door } from "./frame.tsx";
import { UsernameField } from "./login.tsx";

function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

export function Reset() {
  const username = useSignal("");
  const words = useSignal("");
  const password = useSignal("");
  const drop = useSignal(false);
  const tried = useSignal(false);
  const setting = useDeed();
  const [, navigate] = useLocation();
  const short = password.value.length < SHORTEST_PASSWORD;

  async function go(): Promise<void> {
    tried.value = true;
    if (short) return;
    const name = username.value.trim().toLowerCase();
    const factors = drop.value ? "drop" : "keep";
    if (!(await setting.run(() => resetPassword(name, words.value, password.value, factors)))) return;
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
      <PasswordField
        label={t("reset.password")}
        value={password.value}
        problem={tried.value && short ? t("setup.name.shortPassword") : null}
        hint={t("reset.ends")}
        onText={(text) => {
          password.value = text;
        }}
        attributes={{ autoComplete: "new-password", required: true, maxLength: 256 }}
      />
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
