/** What may speak as you: the devices, linking another one, and the number to compare with somebody else. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { ownDevices, siteDevices } from "../../../state/devices.ts";
import { devices, identity } from "../../../state/identity.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { Outdated } from "../../parts/states.tsx";
import { Pairing } from "../setup/pairing.tsx";
import { privateGate } from "../unlinked.tsx";
import { DeviceLine } from "./device.tsx";
import { Safety } from "./safety.tsx";

export function Devices() {
  useSignalEffect(() => {
    if (devices.value.length > 0) void siteDevices.load();
  });
  const gate = privateGate();
  if (gate) return gate;
  return (
    <>
      <p class="muted">{t("devices.lead")}</p>
      <ListWarning />
      <Outdated from={siteDevices} />
      <section class="stack close" aria-labelledby="device-list">
        <h2 id="device-list" class="section-title">
          {t("devices.list")}
        </h2>
        <ul class="bare people-list devices">
          {ownDevices.value.map((one) => (
            <DeviceLine key={one.device} one={one} />
          ))}
        </ul>
      </section>
      {identity.value.root ? <LinkOther /> : <p class="small muted">{t("devices.noRoot")}</p>}
      <div>
        <PlaceButton to="/house/keys" icon="shield-check">
          {t("house.keys")}
        </PlaceButton>
      </div>
      <Safety />
    </>
  );
}

/** Nobody of the account has said for two weeks that the list is the newest. */
export function ListWarning() {
  const { listAge } = identity.value;
  if (listAge === null || listAge === "fresh") return null;
  return (
    <div class="bar" role="status">
      <Icon name="clock" />
      <p>{t("devices.stale")}</p>
    </div>
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
