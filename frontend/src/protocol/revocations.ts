/** Device revocations: the account's or its vault's word that a device is no longer the account's, for ever (SPEC 4.9). */

import type { Certificate } from "./certificates.ts";
import { checkCertificate, verifyCertificate } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

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
