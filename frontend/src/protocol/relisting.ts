/**
 * The next device list of an account: a device more, a device less, or anew from the recovery phrase (SPEC 4.14). Pure; whoever calls holds the account
 * key for as long as this takes.
 */

import type { Certificate, DeviceListWire } from "./certificates.ts";
import { MAX_DEVICES, makeDeviceList } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import type { KeyKnowledge } from "./knowledge.ts";
import type { SignKey } from "./ports.ts";
import type { Revocation, Revocations } from "./revocations.ts";
import { makeRevocation, NO_REVOCATIONS, unite } from "./revocations.ts";

const VOUCHED_AHEAD = 1_000;

/** A signed list as on the wire, and the revocations that are to go out with it. */
export interface Rebuilt {
  readonly list: DeviceListWire;
  readonly revocations: Revocations;
}

/** One number higher, with a device more (another certificate of the same device is replaced); `too_many` beyond 16. */
export function listWith(
  key: SignKey,
  known: DeviceListWire,
  certificate: Certificate,
  now: number,
): Promise<DeviceListWire> {
  const others = known.devices.filter(({ device }) => device !== certificate.device);
  return listed(key, known.number + 1, [...others, certificate], now);
}

/** One number higher, without a device; `schema` if none would be left. */
export function listWithout(
  key: SignKey,
  known: DeviceListWire,
  device: string,
  now: number,
): Promise<DeviceListWire> {
  const others = known.devices.filter((each) => each.device !== device);
  return listed(key, known.number + 1, others, now);
}

/**
 * The list of the devices to `keep`, its number above every number that the site and contacts knew of or that a device vouched for; every other device
 * they named is revoked. `certificate_account` for knowledge of another account, `certificate_device` for a device to keep that is revoked.
 */
export async function rebuild(
  key: SignKey,
  found: readonly KeyKnowledge[],
  keep: readonly Certificate[],
  now: number,
): Promise<Rebuilt> {
  if (found.some(({ list }) => list.account !== key.public)) {
    throw new ProtocolError("certificate_account", "found");
  }
  const kept = new Map(keep.map((each) => [each.device, each]));
  const revoked = found.reduce((all, each) => unite(all, each.revocations), NO_REVOCATIONS);
  if ([...kept.keys()].some((device) => revoked.has(device))) {
    throw new ProtocolError("certificate_device", "keep");
  }
  const named = new Set(found.flatMap(({ list }) => [...list.devices.keys()]));
  const gone = [...named].filter((device) => !kept.has(device) && !revoked.has(device)).sort();
  const list = await listed(key, highest(found) + 1, [...kept.values()], now);
  const fresh = new Map<string, Revocation>();
  for (const device of gone) {
    fresh.set(device, await makeRevocation(key, { account: key.public, device, vault: null }, now));
  }
  return { list, revocations: unite(revoked, fresh) };
}

/**
 * The highest number there was. A device's word counts only near a list that the account signed, so that a stolen vault cannot use the numbers up.
 */
function highest(found: readonly KeyKnowledge[]): number {
  const signed = Math.max(0, ...found.map(({ list }) => list.number));
  const vouched = found.map(({ freshness }) => freshness?.number ?? 0);
  return Math.max(signed, ...vouched.filter((number) => number <= signed + VOUCHED_AHEAD));
}

function listed(
  key: SignKey,
  number: number,
  devices: readonly Certificate[],
  now: number,
): Promise<DeviceListWire> {
  if (devices.length > MAX_DEVICES) throw new ProtocolError("too_many", "devices");
  if (devices.length === 0) throw new ProtocolError("schema", "devices");
  return makeDeviceList(key, number, devices, now);
}
