/** The second step of a login: a code, or a passkey. */
import { useSignal } from "@preact/signals";
import { giveCode, startOver } from "../../../state/login.ts";
import { passkeysWork } from "../../../state/passkeys.ts";
import type { FactorKind } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { CodeField } from "../../parts/secrets.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Door } from "./frame.tsx";
import { PasskeyDoor } from "./login.tsx";

function leadFor(kinds: readonly FactorKind[]): string {
  if (!kinds.includes("webauthn")) return t("factor.leadApp");
  return kinds.includes("totp") ? t("factor.leadBoth") : t("factor.leadPasskey");
}

export function FactorStep({ kinds }: { kinds: readonly FactorKind[] }) {
  const code = useSignal("");
  const giving = useDeed();
  const go = () => void giving.run(() => giveCode(code.value.trim()));
  return (
    <Door title={t("login.submit")} heading={t("factor.title")} lead={leadFor(kinds)} onSubmit={go}>
      <CodeField label={t("factor.code")} value={code} />
      <FormFault fault={giving.fault.value} />
      <Button kind="primary" class="wide" submit busy={giving.busy.value}>
        {t("factor.submit")}
      </Button>
      {kinds.includes("webauthn") && passkeysWork() && <PasskeyDoor />}
      <Button kind="quiet" onPress={startOver}>
        {t("factor.startOver")}
      </Button>
    </Door>
  );
}
