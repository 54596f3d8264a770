/** Keys that others seal to, and the document a site serves them in (SPEC 4.3, 4.4). */

import type { Certificate, DeviceList } from "./certificates.ts";
import { MAX_DEVICES, requireNames, verifyDeviceList } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { verifyFreshness } from "./freshness.ts";
import { sign, verify } from "./keys.ts";
import type { KeyKnowledge } from "./knowledge.ts";
import { activeDevices } from "./knowledge.ts";
import type { SignKey, Sodium } from "./ports.ts";
import { verifyRevocations } from "./revocations.ts";
import { isDormant } from "./rotation.ts";
import type { Members } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";
import type { Recipient } from "./seal.ts";

export const MAX_ONE_TIME = 100;

const common = {
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  time: schema.time,
  sig: schema.signature,
};
const signedForm = schema.closed({ ...common, key: schema.key });
const oneTimeForm = schema.closed({ ...common, keys: schema.listing(schema.key, 1, MAX_ONE_TIME) });
const documentForm = schema.opened({
  v: schema.version,
  list: schema.opened({}),
  prekeys: schema.listing(signedForm, 0, MAX_DEVICES),
});
const claimForm = schema.closed({
  v: schema.version,
  devices: schema.listing(schema.key, 1, MAX_DEVICES),
});
const claimedForm = schema.closed({
  v: schema.version,
  one_time: schema.mapping(schema.key, schema.nullable(schema.key), 0, MAX_DEVICES),
});

/** As on the wire. */
export interface SignedPrekey {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly key: string;
  readonly time: number;
  readonly sig: string;
}

/** As on the wire. */
export interface OneTimePrekeys extends Omit<SignedPrekey, "key"> {
  readonly keys: readonly string[];
}

/**
 * What to seal to an account with: what its site says of its devices, and the prekey of each device that published one. The first is to be joined with
 * what is known already (`learn`) before anything is sealed.
 */
export interface KeysDocument extends KeyKnowledge {
  readonly prekeys: ReadonlyMap<string, SignedPrekey>;
}

/** The device's word that the X25519 key `key` is its current prekey. */
export function makeSignedPrekey(
  account: string,
  device: SignKey,
  key: string,
  now: number,
): Promise<SignedPrekey> {
  return sign("prekey", { v: VERSION, suite: SUITE, account, device: device.public, key, time: now }, device);
}

/** A signed prekey of the certificate's device. */
export function verifySignedPrekey(sodium: Sodium, value: unknown, certificate: Certificate): SignedPrekey {
  const found = schema.matches<SignedPrekey>(signedForm, value, "prekey");
  verifyOwn(sodium, "prekey", found, certificate);
  return found;
}

/** The device's word that these X25519 keys may be handed out, each once. */
export function makeOneTime(
  account: string,
  device: SignKey,
  keys: readonly string[],
  now: number,
): Promise<OneTimePrekeys> {
  const statement = { v: VERSION, suite: SUITE, account, device: device.public, keys, time: now };
  return sign("one-time-prekeys", statement, device);
}

/** One-time prekeys of the certificate's device; a key that stands twice is `schema`. */
export function verifyOneTime(sodium: Sodium, value: unknown, certificate: Certificate): OneTimePrekeys {
  const found = schema.matches<OneTimePrekeys>(oneTimeForm, value, "one_time");
  if (new Set(found.keys).size !== found.keys.length) throw schema.schemaError("keys");
  verifyOwn(sodium, "one-time-prekeys", found, certificate);
  return found;
}

function verifyOwn(
  sodium: Sodium,
  what: string,
  value: { account: string; device: string },
  certificate: Certificate,
): void {
  requireNames(certificate, value.account, value.device);
  verify(sodium, what, value, certificate.device);
}

/** A verified keys document; of `account`, if one is expected, else `certificate_account`. */
export function verifyKeysDocument(
  sodium: Sodium,
  value: unknown,
  account: string | null = null,
): KeysDocument {
  const found = schema.matches<{
    list: Members;
    prekeys: SignedPrekey[];
    revocations?: unknown;
    freshness?: unknown;
  }>(documentForm, value, "keys");
  const list = verifyDeviceList(sodium, found.list);
  if (account !== null && account !== list.account) throw new ProtocolError("certificate_account", "list");
  if (!schema.ascending(found.prekeys.map((each) => each.device))) {
    throw new ProtocolError("device_list_order", "prekeys");
  }
  const prekeys = new Map(found.prekeys.map((each) => [each.device, listed(sodium, each, list)]));
  const revocations = verifyRevocations(
    sodium,
    "revocations" in found ? found.revocations : [],
    list.account,
  );
  const said = found.freshness ?? null;
  return {
    list,
    prekeys,
    revocations,
    freshness: said === null ? null : verifyFreshness(sodium, said, list),
  };
}

function listed(sodium: Sodium, value: SignedPrekey, list: DeviceList): SignedPrekey {
  const certificate = list.devices.get(value.device);
  if (certificate === undefined) throw new ProtocolError("certificate_device", "prekeys");
  return verifySignedPrekey(sodium, value, certificate);
}

/**
 * Whom to seal to, by device: who is listed and not revoked and has a signed prekey that is not dormant. `oneTime` are claimed keys; where there is none
 * the seal does without.
 */
export function recipients(
  known: KeyKnowledge,
  prekeys: ReadonlyMap<string, SignedPrekey>,
  oneTime: ReadonlyMap<string, string | null>,
  now: number,
): readonly Recipient[] {
  return [...activeDevices(known).values()].flatMap(({ device, dh }) => {
    const prekey = prekeys.get(device);
    if (prekey === undefined || isDormant(prekey.time, now)) return [];
    return [{ device, dh, prekey: prekey.key, oneTime: oneTime.get(device) ?? null }];
  });
}

/** The devices of a claim for one-time prekeys. */
export function readClaim(value: unknown): readonly string[] {
  return schema.matches<{ devices: string[] }>(claimForm, value, "claim").devices;
}

/** The answer to a claim: a key, or null where none is left, for each device. */
export function readClaimed(value: unknown): ReadonlyMap<string, string | null> {
  const { one_time } = schema.matches<{ one_time: Record<string, string | null> }>(
    claimedForm,
    value,
    "claimed",
  );
  return new Map(Object.entries(one_time));
}
