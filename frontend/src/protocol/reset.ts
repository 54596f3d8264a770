/** The word of an account key that a forgotten password may be replaced (SPEC 4.12). */

import type { AddressWire } from "./addresses.ts";
import { accountAddressForm } from "./addresses.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

/** What becomes of the second factors. */
export type Factors = "keep" | "drop";

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  address: accountAddressForm,
  expires: schema.time,
  factors: schema.oneOf("keep", "drop"),
  nonce: schema.key,
  sig: schema.signature,
});

/** As on the wire; `nonce` and `expires` are the site's challenge. */
export interface Reset {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly address: AddressWire;
  readonly expires: number;
  readonly factors: Factors;
  readonly nonce: string;
  readonly sig: string;
}

/** Signed by the account key. */
export function makeReset(
  key: SignKey,
  parts: Pick<Reset, "address" | "expires" | "factors" | "nonce">,
): Promise<Reset> {
  return sign("password-reset", { v: VERSION, suite: SUITE, account: key.public, ...parts }, key);
}

/** `schema`, `address`, `encoding` or `signature`; that the challenge is fresh is the site's to judge. */
export function verifyReset(sodium: Sodium, value: unknown): Reset {
  const found = schema.matches<Reset>(form, value, "password-reset");
  verify(sodium, "password-reset", found, found.account);
  return found;
}
