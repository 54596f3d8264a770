/** Recovery codes: how many are left, new ones, and the only time they are shown. */
import { signal, useSignal } from "@preact/signals";
import { addressText } from "../../../../state/addresses.ts";
import { tell } from "../../../../state/notices.ts";
import { renewRecoveryCodes } from "../../../../state/security.ts";
import { me } from "../../../../state/session.ts";
import type { Security } from "../../../../state/shapes.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { Confirm, Dialog } from "../../../parts/dialog.tsx";
import { FormFault } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";

const FEW = 3;

/** Codes that were just made, until they are kept. */
export const newCodes = signal<readonly string[] | null>(null);

export function RecoveryCodes({ codes }: { codes: NonNullable<Security["recovery_codes"]> }) {
  const asking = useSignal(false);
  const renewing = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <section class="card" aria-labelledby="codes">
      <h2 id="codes">{t("codes.title")}</h2>
      <p class="muted">{t("codes.lead")}</p>
      <p>
        {t("codes.left", { count: codes.left, total: codes.total })} {codes.left <= FEW && t("codes.few")}{" "}
        <span class="small muted">
          <Time at={codes.since} />
        </span>
      </p>
      <FormFault fault={renewing.fault.value} />
      <div>
        <Button
          icon="refresh-cw"
          onPress={() => {
            asking.value = true;
          }}
        >
          {t("codes.renew")}
        </Button>
      </div>
      {asking.value && (
        <Confirm
          title={t("codes.renewTitle")}
          hint={t("codes.renewHint")}
          deed={t("codes.renew")}
          busy={renewing.busy.value}
          onConfirm={() => {
            close();
            void renewing.run(async () => {
              newCodes.value = await renewRecoveryCodes();
            });
          }}
          onClose={close}
        />
      )}
    </section>
  );
}

/** Shows codes that were just made, once. */
export function NewCodes() {
  const codes = newCodes.value;
  if (!codes) return null;
  const done = () => {
    newCodes.value = null;
  };
  const footer = (
    <>
      <Button
        icon="copy"
        onPress={async () => {
          await navigator.clipboard.writeText(codes.join("\n"));
          tell(t("codes.copied"));
        }}
      >
        {t("codes.copy")}
      </Button>
      <Button icon="printer" onPress={() => window.print()}>
        {t("codes.print")}
      </Button>
      <Button kind="primary" onPress={done}>
        {t("codes.done")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("codes.shownTitle")} onClose={done} footer={footer}>
      <p class="on-screen">{t("codes.shownLead")}</p>
      {me.value && <p class="on-paper">{t("codes.paper", { address: addressText(me.value.address) })}</p>}
      <ol class="bare recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
    </Dialog>
  );
}
