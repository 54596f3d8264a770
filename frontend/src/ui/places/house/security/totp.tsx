/** The authenticator app: adding it by a QR code or a typed key, and removing it. Used by the house and the first run. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../../state/notices.ts";
import { beginTotp, confirmTotp, removeTotp } from "../../../../state/security.ts";
import type { NewTotp, Security } from "../../../../state/shapes.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { DeedForm } from "../../../parts/deed-form.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { QrCode } from "../../../parts/qr.tsx";
import { CodeField } from "../../../parts/secrets.tsx";
import { FormFault } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";
import { newCodes } from "./codes.tsx";

const GROUP = /.{1,4}/g;

export function Totp({ app }: { app: Security["totp"] }) {
  return (
    <section class="card" aria-labelledby="totp">
      <h2 id="totp">{t("totp.title")}</h2>
      <p class="muted">{t("totp.lead")}</p>
      {app ? <Added app={app} /> : <Add />}
    </section>
  );
}

function Added({ app }: { app: NonNullable<Security["totp"]> }) {
  const asking = useSignal(false);
  const removing = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <>
      <p class="small">
        {t("totp.since")} <Time at={app.since} />
        {app.used !== null && (
          <>
            {" · "}
            {t("totp.used")} <Time at={app.used} />
          </>
        )}
      </p>
      <FormFault fault={removing.fault.value} />
      <div>
        <Button
          icon="trash"
          onPress={() => {
            asking.value = true;
          }}
        >
          {t("totp.remove")}
        </Button>
      </div>
      {asking.value && (
        <Confirm
          title={t("totp.removeTitle")}
          hint={t("totp.removeHint")}
          deed={t("totp.remove")}
          busy={removing.busy.value}
          onConfirm={async () => {
            close();
            if (await removing.run(removeTotp)) tell(t("totp.removed"));
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function Add() {
  const fresh = useSignal<NewTotp | null>(null);
  const beginning = useDeed();
  if (fresh.value) return <Scan fresh={fresh.value} />;
  return (
    <>
      <FormFault fault={beginning.fault.value} />
      <div>
        <Button
          icon="smartphone"
          busy={beginning.busy.value}
          onPress={() =>
            beginning.run(async () => {
              fresh.value = await beginTotp();
            })
          }
        >
          {t("totp.add")}
        </Button>
      </div>
    </>
  );
}

function Scan({ fresh }: { fresh: NewTotp }) {
  const code = useSignal("");
  const confirming = useDeed();

  async function confirm(): Promise<void> {
    const done = await confirming.run(async () => {
      newCodes.value = await confirmTotp(code.value.trim());
    });
    if (done) tell(t("totp.added"));
  }

  return (
    <DeedForm deed={confirming} label={t("totp.confirm")} onSend={confirm}>
      <p>{t("totp.scan")}</p>
      <QrCode text={fresh.uri} label={t("totp.qr")} />
      <p>{t("totp.manual")}</p>
      <div class="row apart">
        <code class="key" dir="ltr">
          {fresh.secret.match(GROUP)?.join(" ")}
        </code>
        <Button
          icon="copy"
          onPress={async () => {
            await navigator.clipboard.writeText(fresh.secret);
            tell(t("totp.copied"));
          }}
        >
          {t("totp.copy")}
        </Button>
      </div>
      <CodeField label={t("totp.code")} value={code} />
    </DeedForm>
  );
}
