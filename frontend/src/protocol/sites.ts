/** What a site says about itself: its address and its keys, signed by the site key (SPEC 4.5). */

import { Address } from "./addresses.ts";
import { verify } from "./keys.ts";
import type { Sodium } from "./ports.ts";
import * as schema from "./schema.ts";

const documentForm = schema.opened({
  v: schema.version,
  suite: schema.suite(),
  ip: schema.text(1, 253),
  port: schema.integer(1, 65_535),
  key: schema.key,
  dh: schema.key,
  time: schema.time,
  sig: schema.signature,
});

/** A site's address, its Ed25519 key and its X25519 key. */
export interface SiteDocument {
  readonly address: Address;
  readonly key: string;
  readonly dh: string;
  readonly time: number;
}

/** A verified site document; that it came from the address it names is the caller's to check. */
export function verifySiteDocument(sodium: Sodium, value: unknown): SiteDocument {
  const found = schema.matches<{ ip: string; port: number; key: string; dh: string; time: number }>(
    documentForm,
    value,
    "site",
  );
  const address = Address.make(found.ip, found.port);
  verify(sodium, "site-document", found, found.key);
  return { address, key: found.key, dh: found.dh, time: found.time };
}
