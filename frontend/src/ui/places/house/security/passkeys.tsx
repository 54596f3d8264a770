/** Passkeys: adding, naming, removing. Used by the house and the first run. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../../state/notices.ts";
import { passkeysWork } from "../../../../state/passkeys.ts";
import { addPasskey, removePasskey, renamePasskey } from "../../../../state/security.ts";
import type { Passkey } from "../../../../state/shapes.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Icon } from "../../../icon.tsx";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { Confirm } from "../../../parts/dialog.tsx";
import { Field } from "../../../parts/field.tsx";
import { FormFault } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";
import { newCodes } from "./codes.tsx";

const LONGEST_NAME = 60;

export function Passkeys({ list }: { list: readonly Passkey[] }) {
  return (
    <section class="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{t("passkeys.title")}</h2>
      <p class="muted">{t("passkeys.lead")}</p>
      {list.length > 0 ? (
        <ul class="bare factor-list">
          {list.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </ul>
      ) : (
        <p class="small">{t("passkeys.none")}</p>
      )}
      {passkeysWork() ? <Add /> : <p class="small muted">{t("passkeys.cannot")}</p>}
    </section>
  );
}

function Add() {
  const open = useSignal(false);
  if (!open.value) {
    return (
      <div>
        <Button
          icon="fingerprint"
          onPress={() => {
            open.value = true;
          }}
        >
          {t("passkeys.add")}
        </Button>
      </div>
    );
  }
  return (
    <Name
      start=""
      deed={t("passkeys.create")}
      act={async (name) => {
        newCodes.value = await addPasskey(name);
        tell(t("passkeys.added"));
      }}
      onDone={() => {
        open.value = false;
      }}
    />
  );
}

interface NameProps {
  start: string;
  deed: string;
  act: (name: string) => Promise<void>;
  onDone: () => void;
}

/** The form for a new or a changed name. */
function Name({ start, deed, act, onDone }: NameProps) {
  const name = useSignal(start);
  const doing = useDeed();
  return (
    <form
      class="stack"
      onSubmit={async (event) => {
        event.preventDefault();
        if (await doing.run(() => act(name.value.trim()))) onDone();
      }}
    >
      <Field
        label={t("passkeys.name")}
        hint={t("passkeys.nameHint")}
        value={name.value}
        onText={(text) => {
          name.value = text;
        }}
        attributes={{ dir: "auto", required: true, maxLength: LONGEST_NAME, pattern: ".*\\S.*" }}
      />
      <FormFault fault={doing.fault.value} />
      <div class="row">
        <Button kind="primary" submit busy={doing.busy.value}>
          {deed}
        </Button>
        <Button onPress={onDone}>{t("app.cancel")}</Button>
      </div>
    </form>
  );
}

function Line({ one }: { one: Passkey }) {
  const mode = useSignal<"shown" | "renaming" | "removing">("shown");
  const removing = useDeed();
  const show = () => {
    mode.value = "shown";
  };
  if (mode.value === "renaming") {
    const rename = (name: string) => renamePasskey(one.id, name);
    return (
      <li>
        <Name start={one.name} deed={t("passkeys.save")} act={rename} onDone={show} />
      </li>
    );
  }
  return (
    <li>
      <Icon name="fingerprint" />
      <div>
        <p>
          <strong dir="auto">{one.name}</strong>
        </p>
        <p class="small muted">
          {t("totp.since")} <Time at={one.since} />
          {one.used !== null && (
            <>
              {" · "}
              {t("totp.used")} <Time at={one.used} />
            </>
          )}
        </p>
        <FormFault fault={removing.fault.value} />
      </div>
      <Button
        kind="quiet"
        icon="pencil"
        iconOnly
        attributes={{ "aria-label": t("passkeys.renameOne", { name: one.name }) }}
        onPress={() => {
          mode.value = "renaming";
        }}
      >
        {t("passkeys.rename")}
      </Button>
      <Button
        kind="quiet"
        icon="trash"
        iconOnly
        attributes={{ "aria-label": t("passkeys.removeOne", { name: one.name }) }}
        onPress={() => {
          mode.value = "removing";
        }}
      >
        {t("passkeys.remove")}
      </Button>
      {mode.value === "removing" && (
        <Confirm
          title={t("passkeys.removeTitle", { name: one.name })}
          hint={t("passkeys.removeHint")}
          deed={t("passkeys.remove")}
          busy={removing.busy.value}
          onConfirm={async () => {
            show();
            if (await removing.run(() => removePasskey(one.id))) tell(t("passkeys.removed"));
          }}
          onClose={show}
        />
      )}
    </li>
  );
}
