/** What people read about you: change it here. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../state/notices.ts";
import { changeProfile, me } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field, LongField } from "../../parts/field.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { Portrait } from "./portrait.tsx";

export function ProfileRoom() {
  return (
    <>
      <Portrait />
      <ProfileForm />
    </>
  );
}

function ProfileForm() {
  const profile = me.value?.profile;
  const name = useSignal(profile?.name ?? "");
  const position = useSignal(profile?.position ?? "");
  const location = useSignal(profile?.location ?? "");
  const description = useSignal(profile?.description ?? "");
  const saving = useDeed();

  async function save(): Promise<void> {
    const fields = {
      name: name.value.trim(),
      position: position.value.trim(),
      location: location.value.trim(),
      description: description.value.trim(),
    };
    if (await saving.run(() => changeProfile(fields))) tell(t("profile.saved"));
  }

  const to = (field: { value: string }) => (text: string) => {
    field.value = text;
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="muted">
        {t("profile.lead")}{" "}
        {profile?.updated != null && (
          <>
            {t("people.updated")} <Time at={profile.updated} />.
          </>
        )}
      </p>
      <Field
        label={t("profile.name")}
        value={name.value}
        onText={to(name)}
        attributes={{ dir: "auto", maxLength: 64, autoComplete: "name" }}
      />
      <Field
        label={t("profile.position")}
        value={position.value}
        onText={to(position)}
        hint={t("profile.positionHint")}
        attributes={{ dir: "auto", maxLength: 100 }}
      />
      <Field
        label={t("profile.location")}
        value={location.value}
        onText={to(location)}
        attributes={{ dir: "auto", maxLength: 100 }}
      />
      <LongField
        label={t("profile.description")}
        value={description.value}
        onText={to(description)}
        attributes={{ dir: "auto", maxLength: 2000, rows: 4 }}
      />
      <FormFault fault={saving.fault.value} />
      <div class="row">
        <Button kind="primary" submit busy={saving.busy.value}>
          {t("app.save")}
        </Button>
        <OutButton href={`/@${me.value?.username ?? ""}`} kind="quiet" icon="globe">
          {t("app.openPublic")}
        </OutButton>
      </div>
    </form>
  );
}
