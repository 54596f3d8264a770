/** A new password. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../../state/notices.ts";
import { changePassword } from "../../../../state/security.ts";
import { me } from "../../../../state/session.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { DeedForm } from "../../../parts/deed-form.tsx";
import { NewPasswordField, useNewPassword } from "../../../parts/secrets.tsx";

export function Password() {
  const open = useSignal(false);
  return (
    <section class="card" aria-labelledby="password">
      <h2 id="password">{t("password.title")}</h2>
      <p class="muted">{t("password.hint")}</p>
      {open.value ? (
        <Change
          onDone={() => {
            open.value = false;
          }}
        />
      ) : (
        <div>
          <Button
            icon="lock-keyhole"
            onPress={() => {
              open.value = true;
            }}
          >
            {t("password.change")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Change({ onDone }: { onDone: () => void }) {
  const password = useNewPassword();
  const saving = useDeed();

  async function save(): Promise<void> {
    if (!password.ready() || !(await saving.run(() => changePassword(password.text.value)))) return;
    tell(t("password.saved"));
    onDone();
  }

  return (
    <DeedForm deed={saving} label={t("password.save")} noValidate onSend={save} onCancel={onDone}>
      <input
        class="hidden-visually"
        type="text"
        autoComplete="username"
        value={me.value?.username ?? ""}
        tabIndex={-1}
        aria-hidden="true"
        readOnly
      />
      <NewPasswordField of={password} label={t("password.new")} />
    </DeedForm>
  );
}
