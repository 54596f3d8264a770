/** What may speak as you, and the number to compare with somebody else. */
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { conversations } from "../../../state/conversations.ts";
import { prekeysLeft } from "../../../state/house.ts";
import { devices, identity } from "../../../state/identity.ts";
import { revoke } from "../../../state/linking.ts";
import type { DeviceView } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { Pairing } from "../setup/pairing.tsx";
import { privateGate } from "../unlinked.tsx";

export function Devices() {
  useEffect(() => {
    void prekeysLeft.load();
  }, []);
  const gate = privateGate();
  if (gate) return gate;
  return (
    <>
      <p class="muted">{t("devices.lead")}</p>
      <section class="card" aria-labelledby="account-key">
        <h2 id="account-key">{t("devices.account")}</h2>
        <p class="key">{identity.value.account}</p>
        <p class="small muted">{t("devices.accountHint")}</p>
      </section>
      <section class="stack close" aria-labelledby="device-list">
        <h2 id="device-list" class="section-title">
          {t("devices.list")}
        </h2>
        <ul class="bare people-list devices">
          {devices.value.map((one) => (
            <Device key={one.device} one={one} />
          ))}
        </ul>
        <p class="small muted">{t("devices.prekeysHint")}</p>
        {identity.value.root && <LinkOther />}
      </section>
      <Safety />
    </>
  );
}

function Device({ one }: { one: DeviceView }) {
  const left = prekeysLeft.data.value?.[one.device];
  return (
    <li>
      <Icon name={one.role === "vault" ? "vault" : "monitor"} />
      <div>
        <p>
          <strong>{one.here ? t("devices.this") : t(`devices.role.${one.role}`)}</strong>{" "}
          <span class="fine small">
            <Icon name="shield-check" /> {t("devices.ok")}
          </span>
        </p>
        {one.here && <p class="small muted">{t(`devices.role.${one.role}`)}</p>}
        <p class="key">
          <span class="hidden-visually">{t("devices.key")}: </span>
          {one.device}
        </p>
        <p class="small muted">
          {t("devices.sinceLabel")} <Time at={one.since} />
          {left !== undefined && ` · ${t("devices.prekeys", { count: left })}`}
        </p>
        {identity.value.root && !one.here && <Revoke device={one.device} />}
      </div>
    </li>
  );
}

function LinkOther() {
  const open = useSignal(false);
  const toggle = () => {
    open.value = !open.value;
  };
  if (open.value) return <Pairing browsers onDone={toggle} />;
  return (
    <div>
      <Button icon="plus" onPress={toggle}>
        {t("link.another")}
      </Button>
    </div>
  );
}

function Revoke({ device }: { device: string }) {
  const asking = useSignal(false);
  const revoking = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <>
      <Button
        kind="danger"
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("devices.revoke")}
      </Button>
      <FormFault fault={revoking.fault.value} />
      {asking.value && (
        <Confirm
          title={t("devices.revokeTitle")}
          hint={t("devices.revokeHint")}
          deed={t("devices.revoke")}
          busy={revoking.busy.value}
          onConfirm={() => {
            close();
            void revoking.run(() => revoke(device));
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function Safety() {
  const id = useId();
  const chosen = useSignal<string | null>(null);
  const people = conversations.value;
  const one = people.find(({ swarm }) => swarm === chosen.value) ?? people[0];
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("devices.safety")}</h2>
      {one ? (
        <>
          <p>{t("devices.safetyHint")}</p>
          <div class="field">
            <label for={id}>{t("devices.safetyWith")}</label>
            <select
              id={id}
              class="input"
              value={one.swarm}
              onChange={(event) => {
                chosen.value = event.currentTarget.value;
              }}
            >
              {people.map(({ swarm, peer }) => (
                <option key={swarm} value={swarm}>
                  {peer.name} {peer.address.text}
                </option>
              ))}
            </select>
          </div>
          <SafetyNumber number={one.peer.safetyNumber} />
        </>
      ) : (
        <p class="muted">{t("devices.safetyNobody")}</p>
      )}
    </section>
  );
}

function SafetyNumber({ number }: { number: string }) {
  return (
    <p class="safety">
      {number.split(" ").map((group, index) => (
        <span key={`${index}-${group}`}>{group} </span>
      ))}
    </p>
  );
}
