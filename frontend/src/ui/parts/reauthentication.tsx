/** The question who one is, over whatever asked for it: password, code or passkey. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { passkeysWork } from "../../state/passkeys.ts";
import { giveUp, question, showCode, showPasskey, showPassword } from "../../state/reauthentication.ts";
import { security } from "../../state/security.ts";
import { t } from "../catalogue/catalogue.ts";
import { Button } from "./button.tsx";
import { useDeed } from "./deed.ts";
import { Dialog } from "./dialog.tsx";
import { PasswordField } from "./field.tsx";
import { CodeField } from "./secrets.tsx";
import { FormFault } from "./states.tsx";

export function Reauthentication() {
  return question.value ? <Question /> : null;
}

function Question() {
  const byCode = useSignal(false);
  const secret = useSignal("");
  const showing = useDeed();
  const known = security.data.value;
  useEffect(() => {
    void security.load();
  }, []);
  const show = () => (byCode.value ? showCode(secret.value.trim()) : showPassword(secret.value));

  return (
    <Dialog title={t("again.title")} onClose={giveUp}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void showing.run(show);
        }}
      >
        <p>{t("again.lead")}</p>
        {byCode.value ? (
          <CodeField label={t("again.code")} value={secret} />
        ) : (
          <PasswordField
            label={t("login.password")}
            value={secret.value}
            onText={(text) => {
              secret.value = text;
            }}
            attributes={{ autoComplete: "current-password", required: true, maxLength: 256, autoFocus: true }}
          />
        )}
        <FormFault fault={showing.fault.value} />
        <Button kind="primary" class="wide" submit busy={showing.busy.value}>
          {t("again.submit")}
        </Button>
      </form>
      <div class="row">
        {known?.totp && (
          <Button
            kind="quiet"
            onPress={() => {
              byCode.value = !byCode.value;
              secret.value = "";
            }}
          >
            {byCode.value ? t("again.passwordInstead") : t("again.codeInstead")}
          </Button>
        )}
        {known && known.passkeys.length > 0 && passkeysWork() && (
          <Button kind="quiet" icon="fingerprint" onPress={() => showing.run(showPasskey)}>
            {t("login.passkey")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
