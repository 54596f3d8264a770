/** The e-mail address for a forgotten password: added by a code that is sent there, and removed. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../../state/notices.ts";
import { beginEmail, confirmEmail, removeEmail } from "../../../../state/security.ts";
import { site } from "../../../../state/session.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { DeedForm } from "../../../parts/deed-form.tsx";
import { Confirm } from "../../../parts/dialog.tsx";
import { Field } from "../../../parts/field.tsx";
import { CodeField } from "../../../parts/secrets.tsx";
import { FormFault } from "../../../parts/states.tsx";

/** Nothing where the site sends no mail and has no address. */
export function Email({ address }: { address: string }) {
  const changing = useSignal(false);
  const close = () => {
    changing.value = false;
  };
  if (!site.value?.mail && !address) return null;
  return (
    <section class="card" aria-labelledby="email">
      <h2 id="email">{t("email.title")}</h2>
      <p class="muted">{t("email.lead")}</p>
      {changing.value ? (
        <Change onDone={close} />
      ) : (
        <>
          {address && (
            <p>
              <bdi>{address}</bdi>
            </p>
          )}
          <div class="row">
            {site.value?.mail && (
              <Button
                icon="pencil"
                onPress={() => {
                  changing.value = true;
                }}
              >
                {address ? t("email.change") : t("email.add")}
              </Button>
            )}
            {address && <Remove address={address} />}
          </div>
        </>
      )}
    </section>
  );
}

/** First the address, then the code that was sent there. */
function Change({ onDone }: { onDone: () => void }) {
  const address = useSignal("");
  const sent = useSignal("");
  if (!sent.value) return <Address value={address} sent={sent} onCancel={onDone} />;
  return <Code address={sent.value} onDone={onDone} />;
}

interface AddressProps {
  value: { value: string };
  sent: { value: string };
  onCancel: () => void;
}

function Address({ value, sent, onCancel }: AddressProps) {
  const sending = useDeed();
  async function send(): Promise<void> {
    const address = value.value.trim();
    if (await sending.run(() => beginEmail(address))) sent.value = address;
  }
  return (
    <DeedForm deed={sending} label={t("email.send")} onSend={send} onCancel={onCancel}>
      <Field
        label={t("email.address")}
        value={value.value}
        hint={t("email.addressHint")}
        onText={(text) => {
          value.value = text;
        }}
        attributes={{ type: "email", autoComplete: "email", required: true, maxLength: 254, dir: "ltr" }}
      />
    </DeedForm>
  );
}

function Code({ address, onDone }: { address: string; onDone: () => void }) {
  const code = useSignal("");
  const confirming = useDeed();
  async function confirm(): Promise<void> {
    if (!(await confirming.run(() => confirmEmail(code.value.trim())))) return;
    tell(t("email.added"));
    onDone();
  }
  return (
    <DeedForm deed={confirming} label={t("email.confirm")} onSend={confirm} onCancel={onDone}>
      <p>{t("email.sent", { address })}</p>
      <CodeField label={t("email.code")} value={code} />
    </DeedForm>
  );
}

function Remove({ address }: { address: string }) {
  const asking = useSignal(false);
  const removing = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <>
      <Button
        icon="trash"
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("email.remove")}
      </Button>
      <FormFault fault={removing.fault.value} />
      {asking.value && (
        <Confirm
          title={t("email.removeTitle", { address })}
          hint={t("email.removeHint")}
          deed={t("email.remove")}
          busy={removing.busy.value}
          onConfirm={async () => {
            close();
            if (await removing.run(removeEmail)) tell(t("email.removed"));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
