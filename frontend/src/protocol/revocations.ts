/** The statement that a device is no longer its account's, for ever, and the set of these (SPEC 4.9). */

import { objectId } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { checkCertificate, verifyCertificate } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const MAX_REVOCATIONS = 64;

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  vault: schema.nullable(checkCertificate),
  time: schema.time,
  sig: schema.signature,
});

/** As on the wire. `vault` is the certificate of the vault that signed, null if the account key did. */
export interface Revocation {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly vault: Certificate | null;
  readonly time: number;
  readonly sig: string;
}

/** Verified revocations of one account: at most 64, by device, ascending. */
export type Revocations = ReadonlyMap<string, Revocation>;
export const NO_REVOCATIONS: Revocations = new Map();

/** A revocation signed by the account key, or by the vault whose certificate is given. */
export function makeRevocation(
  key: SignKey,
  names: { account: string; device: string; vault: Certificate | null },
  now: number,
): Promise<Revocation> {
  return sign("revocation", { v: VERSION, suite: SUITE, ...names, time: now }, key);
}

/** The form alone, for statements that carry one. */
export const checkRevocation: Check = form;

/** `certificate_account` or `certificate_device` unless the signer is the account or a vault of it. */
export function requireSigner({ account, vault }: Revocation): void {
  if (vault === null) return;
  if (vault.account !== account) throw new ProtocolError("certificate_account", "vault");
  if (vault.role !== "vault") throw new ProtocolError("certificate_device", "vault");
}

/** The revocation of a signed statement; `schema`, `encoding`, `certificate_account`, `certificate_device` or `signature`. */
export function verifyRevocation(sodium: Sodium, value: unknown): Revocation {
  const found = schema.matches<Revocation>(form, value, "revocation");
  requireSigner(found);
  verify(sodium, "revocation", found, found.vault?.device ?? found.account);
  if (found.vault !== null) verifyCertificate(sodium, found.vault);
  return found;
}

const setForm = schema.listing(form, 0, MAX_REVOCATIONS);

/** The set in a list of signed statements, one a device, sorted by device. */
export function verifyRevocations(sodium: Sodium, value: unknown, account: string): Revocations {
  const found = schema.matches<readonly Revocation[]>(setForm, value, "revocations");
  if (found.some((each) => each.account !== account)) {
    throw new ProtocolError("certificate_account", "revocations");
  }
  if (!schema.ascending(found.map(({ device }) => device))) {
    throw new ProtocolError("device_list_order", "revocations");
  }
  return byDevice(found.map((each) => verifyRevocation(sodium, each)));
}

/**
 * What both sets say. Of two statements about a device, and beyond 64 devices, those of the account key stand first: whoever holds a stolen vault cannot
 * crowd them out.
 */
export function unite(first: Revocations, second: Revocations): Revocations {
  const best = new Map<string, Revocation>();
  for (const each of [...first.values(), ...second.values()]) {
    const held = best.get(each.device);
    if (held === undefined || order(rank(each), rank(held)) < 0) best.set(each.device, each);
  }
  const kept = [...best.values()].sort((a, b) => order(place(a), place(b)));
  const standing = kept.slice(0, MAX_REVOCATIONS);
  return byDevice(standing.sort((a, b) => order(a.device, b.device)));
}

/** Texts that sort as the statements do: those of the account key first. */
function rank(value: Revocation): string {
  return `${value.vault === null ? 0 : 1} ${objectId("revocation", value)}`;
}

function place({ vault, device }: Revocation): string {
  return `${vault === null ? 0 : 1} ${device}`;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function byDevice(sorted: readonly Revocation[]): Revocations {
  return new Map(sorted.map((each) => [each.device, each]));
}

/** The id of the set of devices that are revoked, whoever signed it and in whatever order. */
export function revocationsHash(account: string, devices: Iterable<string>): string {
  return objectId("revocations", { account, devices: [...devices].sort() });
}
