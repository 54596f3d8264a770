/**
 * Where an account lives now, and who keeps telling when its old site is gone (SPEC 4.13).
 *
 * A move is signed by the account key, so that no site can make one up; a site can only keep it back.
 */

import type { AddressWire } from "./addresses.ts";
import { Address, accountAddressForm, addressForm } from "./addresses.ts";
import { objectId } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const MOVED_PATH = "/.well-known/porchlight/moved/";
export const MAX_BEACONS = 3;
const ASK_BEACONS_AFTER = 86_400_000;

const siteForm: Check = (value, path) => {
  if (schema.matches<AddressWire>(addressForm, value, path).username !== "") throw schema.schemaError(path);
};

const common = {
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  number: schema.integer(1),
  address: accountAddressForm,
  time: schema.time,
  sig: schema.signature,
};
const moveForm = schema.closed(common);
const profileForm = schema.closed({
  ...common,
  device: schema.key,
  name: schema.label(),
  beacons: schema.listing(siteForm, 0, MAX_BEACONS),
});

/** As on the wire: the account's word that it lives at `address` from now on. */
export interface Move {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly number: number;
  readonly address: AddressWire;
  readonly time: number;
  readonly sig: string;
}

/** As on the wire: a device's word on its account, a name for people, and up to three `beacons`, sites that will serve its moves. */
export interface Profile extends Move {
  readonly device: string;
  readonly name: string;
  readonly beacons: readonly AddressWire[];
}

/** Signed by the account key; `number` is one above the last move's. */
export function makeMove(account: SignKey, number: number, address: Address, now: number): Promise<Move> {
  const statement = { v: VERSION, suite: SUITE, account: account.public, number, address: address.wire() };
  return sign("move", { ...statement, time: now }, account);
}

/** A verified move; of `account`, if one is expected, else `certificate_account`. */
export function verifyMove(sodium: Sodium, value: unknown, account: string | null = null): Move {
  const found = schema.matches<Move>(moveForm, value, "move");
  if (account !== null && account !== found.account) throw new ProtocolError("certificate_account", "move");
  verify(sodium, "move", found, found.account);
  return found;
}

/** Signed by a device; `number` is one above the last profile's. */
export function makeProfile(
  account: string,
  device: SignKey,
  about: { number: number; address: Address; name: string; beacons: readonly Address[] },
  now: number,
): Promise<Profile> {
  const { number, name } = about;
  const beacons = about.beacons.map((each) => each.wire());
  const statement = { account, device: device.public, number, address: about.address.wire(), name, beacons };
  return sign("profile", { v: VERSION, suite: SUITE, ...statement, time: now }, device);
}

/** A profile signed by the certificate's device; a beacon that stands twice is `schema`. */
export function verifyProfile(sodium: Sodium, value: unknown, certificate: Certificate): Profile {
  const found = schema.matches<Profile>(profileForm, value, "profile");
  const beacons = new Set(found.beacons.map((each) => String(Address.fromWire(each))));
  if (beacons.size !== found.beacons.length) throw schema.schemaError("beacons");
  requireNames(certificate, found.account, found.device);
  verify(sodium, "profile", found, certificate.device);
  return found;
}

/** The move with the higher number, of equals the higher id; `certificate_account` if they are not of one account. */
export function latestMove(known: Move | null, found: Move): Move {
  return latest("move", known, found);
}

/** The same of profiles. */
export function latestProfile(known: Profile | null, found: Profile): Profile {
  return latest("profile", known, found);
}

function latest<T extends Move>(what: string, known: T | null, found: T): T {
  if (known === null) return found;
  if (known.account !== found.account) throw new ProtocolError("certificate_account");
  if (known.number !== found.number) return known.number > found.number ? known : found;
  return objectId(what, known) < objectId(what, found) ? found : known;
}

/** Whether the beacons should be asked: the account's site fails for a day. */
export function askBeacons(failingSince: number | null, now: number): boolean {
  return failingSince !== null && now - failingSince >= ASK_BEACONS_AFTER;
}
