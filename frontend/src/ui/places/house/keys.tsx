/** Every key and how it stands: a word, an icon and a colour for each, and what to do where something is to be done. */
import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { siteDevices } from "../../../state/devices.ts";
import { devices } from "../../../state/identity.ts";
import {
  accountKey,
  contactKeys,
  type DeviceKeyLine,
  deviceKeys,
  type KeyLine,
  type KeyMark,
  type KeyReason,
  siteKey,
  stocks,
} from "../../../state/keys.ts";
import { type Key, t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { AddressText } from "../../parts/address.tsx";
import { PlaceButton } from "../../parts/button.tsx";
import { Outdated } from "../../parts/states.tsx";
import type { IconName } from "../../shapes.ts";
import { privateGate } from "../unlinked.tsx";
import { deviceName } from "./device.tsx";

const ICONS: Readonly<Record<KeyMark, IconName>> = { ok: "shield-check", waiting: "clock", refused: "ban" };

/** What to do about what is not fine. */
const DEEDS = {
  account_stale: "keys.do.account_stale",
  account_alarm: "keys.do.account_alarm",
  device_unpublished: "keys.do.device_unpublished",
  device_dormant: "keys.do.device_dormant",
  device_uncertified: "keys.do.device_uncertified",
  site_waiting: "keys.do.site_waiting",
  site_changed: "keys.do.site_changed",
  prekeys_few: "keys.do.prekeys",
  prekeys_none: "keys.do.prekeys",
  contact_unknown: "keys.do.contact_unknown",
  contact_stale: "keys.do.contact_stale",
  contact_changed: "keys.do.contact_changed",
} as const satisfies Partial<Record<KeyReason, Key>>;

function hasDeed(reason: KeyReason): reason is keyof typeof DEEDS {
  return Object.hasOwn(DEEDS, reason);
}

export function Keys() {
  useSignalEffect(() => {
    if (devices.value.length > 0) void siteDevices.load();
  });
  const gate = privateGate();
  if (gate) return gate;
  return (
    <>
      <p class="muted">{t("keys.lead")}</p>
      <Outdated from={siteDevices} />
      <Group title={t("keys.account")}>
        <Line line={accountKey.value} name={t("devices.account")} />
      </Group>
      <Group title={t("devices.list")}>
        {deviceKeys.value.map((one) => (
          <Line key={one.key} line={one} name={nameOf(one)} />
        ))}
      </Group>
      <Group title={t("keys.stock")} hint={t("devices.prekeysHint")}>
        {stocks.value.map((one) => (
          <Line key={one.device.device} line={one} name={deviceName(one.device)}>
            <p class="small">{t("devices.prekeys", { count: one.left })}</p>
          </Line>
        ))}
      </Group>
      <Group title={t("keys.site")}>
        <Line line={siteKey.value} name={t("site.key")} />
      </Group>
      <People />
    </>
  );
}

function nameOf({ device }: DeviceKeyLine): string {
  return device ? deviceName(device) : t("keys.stranger");
}

function People() {
  const people = contactKeys.value;
  return (
    <Group title={t("keys.people")} hint={people.length === 0 ? t("keys.nobody") : undefined}>
      {people.map((one) => (
        <Line key={one.key} line={one} name={one.peer.name}>
          <AddressText text={one.peer.address.text} class="small muted" />
        </Line>
      ))}
    </Group>
  );
}

interface GroupProps {
  title: string;
  hint?: string | undefined;
  children: ComponentChildren;
}

function Group({ title, hint, children }: GroupProps) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {hint && <p class="small muted">{hint}</p>}
      <ul class="bare key-list">{children}</ul>
    </section>
  );
}

interface LineProps {
  line: KeyLine;
  name: string;
  children?: ComponentChildren;
}

function Line({ line: { mark, reason, key }, name, children }: LineProps) {
  return (
    <li class={`key-line ${mark}`}>
      <p class="key-mark small">
        <Icon name={ICONS[mark]} /> <span>{t(`keys.mark.${mark}`)}</span>
      </p>
      <div class="stack close">
        <p>
          <strong dir="auto">{name}</strong>
        </p>
        {children}
        <p class="small">{t(`keys.${reason}`)}</p>
        {hasDeed(reason) && <p class="small">{t(DEEDS[reason])}</p>}
        {reason === "account_alarm" && (
          <div>
            <PlaceButton to="/house/devices">{t("house.devices")}</PlaceButton>
          </div>
        )}
        {key && <p class="key muted">{key}</p>}
      </div>
    </li>
  );
}
