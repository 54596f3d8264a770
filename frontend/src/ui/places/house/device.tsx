/** One of the own devices: its name, when it was here, its number, renaming and removing. */
import { useSignal } from "@preact/signals";
import { type OwnDevice, rename } from "../../../state/devices.ts";
import { identity } from "../../../state/identity.ts";
import { revoke } from "../../../state/linking.ts";
import { tell } from "../../../state/notices.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Lamp } from "../../light.tsx";
import { browserIcon, browserName } from "../../parts/browser-name.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { DeedForm } from "../../parts/deed-form.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { SafetyNumber } from "./safety.tsx";

const LONGEST_NAME = 64;

/** What its member calls it, else what kind of browser it is. */
export function deviceName({ role, seen }: OwnDevice): string {
  if (seen?.name) return seen.name;
  if (role === "vault") return t("devices.role.vault");
  return (seen && browserName(seen)) || t("devices.role.member");
}

export function DeviceLine({ one }: { one: OwnDevice }) {
  const renaming = useSignal(false);
  const name = deviceName(one);
  const kind = t(`devices.role.${one.role}`);
  return (
    <li>
      <Icon name={one.role === "vault" ? "vault" : browserIcon(one.seen)} />
      <div class="stack close">
        <p class="row">
          <strong dir="auto">{name}</strong>
          {one.here && (
            <span class="fine small">
              <Icon name="check" /> {t("devices.this")}
            </span>
          )}
        </p>
        {kind !== name && <p class="small muted">{kind}</p>}
        <Presence one={one} />
        <p class="small muted">
          {t("devices.linked")} <Time at={one.since} />
        </p>
        <details class="fold">
          <summary>{t("devices.number")}</summary>
          <p class="small muted">{t("devices.numberHint")}</p>
          <SafetyNumber number={one.number} />
        </details>
        {renaming.value ? (
          <Rename
            one={one}
            onDone={() => {
              renaming.value = false;
            }}
          />
        ) : (
          <div class="row">
            <Button
              icon="pencil"
              attributes={{ "aria-label": t("devices.renameOne", { name }) }}
              onPress={() => {
                renaming.value = true;
              }}
            >
              {t("devices.rename")}
            </Button>
            {identity.value.root && !one.here && <Revoke device={one.device} name={name} />}
          </div>
        )}
      </div>
    </li>
  );
}

function Presence({ one: { here, seen } }: { one: OwnDevice }) {
  if (here || seen?.online) {
    return (
      <p class="row small">
        <Lamp state="green" /> {t(here ? "devices.here" : "devices.online")}
      </p>
    );
  }
  if (seen === null) return null;
  return (
    <p class="row small">
      <Lamp state="red" />
      {seen.last_seen === null ? (
        t("devices.never")
      ) : (
        <span>
          {t("devices.seen")} <Time at={seen.last_seen} />
        </span>
      )}
    </p>
  );
}

function Rename({ one, onDone }: { one: OwnDevice; onDone: () => void }) {
  const name = useSignal(one.seen?.name ?? "");
  const saving = useDeed();
  return (
    <DeedForm
      deed={saving}
      label={t("devices.saveName")}
      onSend={async () => {
        if (await saving.run(() => rename(one.device, name.value))) onDone();
      }}
      onCancel={onDone}
    >
      <Field
        label={t("devices.name")}
        hint={t("devices.nameHint")}
        value={name.value}
        onText={(text) => {
          name.value = text;
        }}
        attributes={{ dir: "auto", maxLength: LONGEST_NAME, autoComplete: "off" }}
      />
    </DeedForm>
  );
}

function Revoke({ device, name }: { device: string; name: string }) {
  const asking = useSignal(false);
  const revoking = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <>
      <Button
        icon="trash"
        busy={revoking.busy.value}
        attributes={{ "aria-label": t("devices.revokeOne", { name }) }}
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("devices.revoke")}
      </Button>
      <FormFault fault={revoking.fault.value} />
      {asking.value && (
        <Confirm
          title={t("devices.revokeTitle", { name })}
          hint={t("devices.revokeHint")}
          deed={t("devices.revoke")}
          onConfirm={async () => {
            close();
            if (await revoking.run(() => revoke(device))) tell(t("devices.revoked"));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
