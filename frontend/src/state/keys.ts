/**
 * Each key that what is private hangs on, and how it stands: fine, waiting for something, or refused. Pure, so that every case can be tried.
 */
import { computed } from "@preact/signals";
import { connection } from "./connection.ts";
import { conversations } from "./conversations.ts";
import { type OwnDevice, ownDevices, uncertified } from "./devices.ts";
import { identity } from "./identity.ts";
import type { ConnectionView, ConversationView, IdentityView } from "./views.ts";

export type KeyMark = "ok" | "waiting" | "refused";

const MARKS = {
  account_ok: "ok",
  account_stale: "waiting",
  account_alarm: "refused",
  device_ok: "ok",
  device_unpublished: "waiting",
  device_dormant: "waiting",
  device_uncertified: "refused",
  site_ok: "ok",
  site_waiting: "waiting",
  site_changed: "refused",
  prekeys_ok: "ok",
  prekeys_few: "waiting",
  prekeys_none: "waiting",
  contact_ok: "ok",
  contact_unknown: "waiting",
  contact_stale: "waiting",
  contact_changed: "refused",
} as const satisfies Readonly<Record<string, KeyMark>>;
export type KeyReason = keyof typeof MARKS;

export interface KeyLine {
  readonly reason: KeyReason;
  readonly mark: KeyMark;
  /** The public half; empty where there is none to show. */
  readonly key: string;
}

export interface DeviceKeyLine extends KeyLine {
  /** Null where only the site names it. */
  readonly device: OwnDevice | null;
}

export interface StockLine extends KeyLine {
  readonly device: OwnDevice;
  readonly left: number;
}

export interface ContactKeyLine extends KeyLine {
  readonly peer: ConversationView["peer"];
}

/** A device is not sealed to once its published prekey is older than this (SPEC 4.3). */
const DORMANT_AFTER = 30 * 86_400_000;
/** The site asks for more below this. */
const FEW = 20;

function line(reason: KeyReason, key: string): KeyLine {
  return { reason, mark: MARKS[reason], key };
}

export function accountLine({ account, alarm, listAge }: IdentityView): KeyLine {
  const aged = listAge === "fresh" ? "account_ok" : "account_stale";
  return line(alarm === null ? aged : "account_alarm", account ?? "");
}

export function siteLine({ siteKey }: IdentityView, { light, fault }: ConnectionView): KeyLine {
  if (fault === "site_key") return line("site_changed", siteKey ?? "");
  const proven = light === "green" || light === "orange";
  return line(proven ? "site_ok" : "site_waiting", siteKey ?? "");
}

export function deviceLine(device: OwnDevice, now: number): DeviceKeyLine {
  const published = device.seen?.prekey_time ?? 0;
  const asleep = now - published > DORMANT_AFTER ? "device_dormant" : "device_ok";
  return { ...line(published === 0 ? "device_unpublished" : asleep, device.device), device };
}

export function stockLine(device: OwnDevice): StockLine {
  const left = device.seen?.one_time ?? 0;
  const some = left < FEW ? "prekeys_few" : "prekeys_ok";
  return { ...line(left === 0 ? "prekeys_none" : some, ""), device, left };
}

export function contactLine(peer: ConversationView["peer"]): ContactKeyLine {
  const aged = { fresh: "contact_ok", stale: "contact_stale", unknown: "contact_unknown" } as const;
  const reason = peer.changedKey ? "contact_changed" : aged[peer.listAge ?? "unknown"];
  return { ...line(reason, peer.account), peer };
}

export const accountKey = computed(() => accountLine(identity.value));
export const siteKey = computed(() => siteLine(identity.value, connection.value));
export const stocks = computed(() => ownDevices.value.map(stockLine));

export const deviceKeys = computed<readonly DeviceKeyLine[]>(() => [
  ...uncertified.value.map(({ device }) => ({ ...line("device_uncertified", device), device: null })),
  ...ownDevices.value.map((one) => deviceLine(one, Date.now())),
]);

/** Each person once, those to look at first. */
export const contactKeys = computed<readonly ContactKeyLine[]>(() => {
  const people = new Map(
    conversations.value.filter(({ peer }) => !peer.former).map(({ peer }) => [peer.account, peer]),
  );
  const order: readonly KeyMark[] = ["refused", "waiting", "ok"];
  return [...people.values()].map(contactLine).sort((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark));
});
