/** Logging in by password. */
import { useSignal } from "@preact/signals";
import { logIn, site } from "../../state/session.ts";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { useHeading } from "../page.tsx";
import { Button } from "../parts/button.tsx";
import { useDeed } from "../parts/deed.ts";
import { Field, PasswordField } from "../parts/field.tsx";
import { FormFault } from "../parts/states.tsx";
import "../style/setup.css";

export function Login() {
  const heading = useHeading(t("login.submit"));
  const username = useSignal("");
  const password = useSignal("");
  const entering = useDeed();
  const open = site.value?.setup === "open";
  return (
    <main class="setup" id="content">
      <p class="brand">
        <Icon name="lamp" /> {t("app.name")}
      </p>
      <form
        class="setup-card card narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void entering.run(() => logIn(username.value.trim().toLowerCase(), password.value));
        }}
      >
        <h1 ref={heading} tabIndex={-1}>
          {open ? t("login.open") : t("login.title")}
        </h1>
        <p class="muted">{open ? t("login.openHint") : t("login.lead", { site: site.value?.name ?? "" })}</p>
        {!open && (
          <>
            <Field
              label={t("login.username")}
              value={username.value}
              onText={(text) => {
                username.value = text;
              }}
              attributes={{
                autoComplete: "username",
                autoCapitalize: "none",
                spellcheck: false,
                required: true,
                maxLength: 32,
              }}
            />
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
          </>
        )}
      </form>
    </main>
  );
}
