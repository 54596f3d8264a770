/**
 * A device's daily word that a device list and a set of revocations are its account's newest (SPEC 4.11).
 *
 * It is what a site that serves an old list cannot make: without it the list looks older every day.
 */

import { objectId } from "./canonical.ts";
import type { Certificate, DeviceList } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import { MAX_REVOCATIONS, revocationsHash } from "./revocations.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const VOUCHING_ROLES: readonly string[] = ["root", "vault"];

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  number: schema.integer(1),
  list: schema.key,
  revoked: schema.integer(0, MAX_REVOCATIONS),
  revocations: schema.key,
  time: schema.time,
  sig: schema.signature,
});

/** As on the wire. `list` is the hash of the device list with `number`, `revocations` that of the set of the `revoked` devices (how many). */
export interface Freshness {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly number: number;
  readonly list: string;
  readonly revoked: number;
  readonly revocations: string;
  readonly time: number;
  readonly sig: string;
}

/** The id of a device list, its signature included. */
export function listHash(list: DeviceList): string {
  return objectId("device-list", list.wire);
}

/** Signed by a listed device with the role `root` or `vault`. */
export function makeFreshness(
  device: SignKey,
  list: DeviceList,
  revoked: readonly string[],
  now: number,
): Promise<Freshness> {
  const { account, number } = list;
  const statement = {
    v: VERSION,
    suite: SUITE,
    account,
    device: device.public,
    number,
    list: listHash(list),
    revoked: revoked.length,
    revocations: revocationsHash(account, revoked),
    time: now,
  };
  return sign("freshness", statement, device);
}

/** Whether a listed device is one whose word on freshness counts; none is none. */
export function mayVouch(device: Certificate | undefined): boolean {
  return device !== undefined && VOUCHING_ROLES.includes(device.role);
}

/**
 * A statement of one of the listed devices, about this list or another number of it. `certificate_account` for another account's,
 * `certificate_device` unless the list has its device as `root` or `vault`.
 */
export function verifyFreshness(sodium: Sodium, value: unknown, list: DeviceList): Freshness {
  const found = schema.matches<Freshness>(form, value, "freshness");
  if (found.account !== list.account) throw new ProtocolError("certificate_account", "freshness");
  if (!mayVouch(list.devices.get(found.device))) throw new ProtocolError("certificate_device", "freshness");
  verify(sodium, "freshness", found, found.device);
  return found;
}
