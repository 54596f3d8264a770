/** Logging in: by name and password, by a passkey, and the second step where one is asked for. */
import { useSignal } from "@preact/signals";
import { factors, logIn, usePasskey } from "../../../state/login.ts";
import { passkeysWork } from "../../../state/passkeys.ts";
import { site } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field, PasswordField } from "../../parts/field.tsx";
import { FormFault } from "../../parts/states.tsx";
import { FactorStep } from "./factor.tsx";
import { Door } from "./frame.tsx";

export function Login() {
  if (site.value?.setup === "open") {
    const none = () => undefined;
    const text = { title: t("login.submit"), heading: t("login.open"), lead: t("login.openHint") };
    return <Door {...text} onSubmit={none} />;
  }
  return factors.value ? <FactorStep kinds={factors.value} /> : <PasswordStep />;
}

function PasswordStep() {
  const username = useSignal("");
  const password = useSignal("");
  const entering = useDeed();
  const go = () => void entering.run(() => logIn(username.value.trim().toLowerCase(), password.value));
  const lead = t("login.lead", { site: site.value?.name ?? "" });
  return (
    <Door title={t("login.submit")} heading={t("login.title")} lead={lead} onSubmit={go}>
      <UsernameField value={username} />
      <PasswordField
        label={t("login.password")}
        value={password.value}
        onText={(text) => {
          password.value = text;
        }}
        attributes={{ autoComplete: "current-password", required: true, maxLength: 256 }}
      />
      <FormFault fault={entering.fault.value} />
      <Button kind="primary" class="wide" submit busy={entering.busy.value}>
        {t("login.submit")}
      </Button>
      {passkeysWork() && <PasskeyDoor />}
      <PlaceButton to="/login/reset" kind="quiet">
        {t("login.forgotten")}
      </PlaceButton>
    </Door>
  );
}

export function UsernameField({ value }: { value: { value: string } }) {
  return (
    <Field
      label={t("login.username")}
      value={value.value}
      onText={(text) => {
        value.value = text;
      }}
      attributes={{
        autoComplete: "username",
        autoCapitalize: "none",
        spellcheck: false,
        required: true,
        maxLength: 32,
      }}
    />
  );
}

/** The passkey's own way in. */
export function PasskeyDoor() {
  const proving = useDeed();
  return (
    <>
      <p class="either">
        <span>{t("login.or")}</span>
      </p>
      <Button
        icon="fingerprint"
        class="wide"
        busy={proving.busy.value}
        onPress={() => proving.run(usePasskey)}
      >
        {t("login.passkey")}
      </Button>
      <FormFault fault={proving.fault.value} />
    </>
  );
}
