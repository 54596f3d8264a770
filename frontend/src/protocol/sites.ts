/** What a site says about itself: its address and its keys, signed by the site key (SPEC 4.5). */

import { Address } from "./addresses.ts";
import { ProtocolError } from "./errors.ts";
import { verify } from "./keys.ts";
import type { Sodium } from "./ports.ts";
import * as schema from "./schema.ts";

const MAX_ROTATIONS = 8;

const common = {
  v: schema.version,
  suite: schema.suite(),
  ip: schema.text(1, 253),
  port: schema.integer(1, 65_535),
  time: schema.time,
  sig: schema.signature,
};
const documentForm = schema.opened({ ...common, key: schema.key, dh: schema.key });
const rotationsForm = schema.listing(
  schema.closed({ ...common, old: schema.key, new: schema.key }),
  0,
  MAX_ROTATIONS,
);

/** As on the wire: the old key's word that another one takes its place. */
interface Rotation {
  readonly ip: string;
  readonly port: number;
  readonly old: string;
  readonly new: string;
}

/** A site's address, its Ed25519 key and its X25519 key. `rotations` are of this site, oldest first; each is verified when it is followed. */
export interface SiteDocument {
  readonly address: Address;
  readonly key: string;
  readonly dh: string;
  readonly time: number;
  readonly rotations: readonly Rotation[];
}

/** A verified site document; that it came from the address it names is the caller's to check. */
export function verifySiteDocument(sodium: Sodium, value: unknown): SiteDocument {
  const found = schema.matches<{
    ip: string;
    port: number;
    key: string;
    dh: string;
    time: number;
    rotations?: unknown;
  }>(documentForm, value, "site");
  const { key, dh, time, rotations: said = [] } = found;
  const rotations = schema.matches<Rotation[]>(rotationsForm, said, "site.rotations");
  const address = Address.make(found.ip, found.port);
  if (rotations.some(({ ip, port }) => ip !== address.ip || port !== address.port)) {
    throw new ProtocolError("refused", "a rotation of another site");
  }
  verify(sodium, "site-document", found, key);
  return { address, key, dh, time, rotations };
}

/**
 * Whether this is the site that was known by that key: it has it still, or signed rotations lead from it to the present one. Throws `signature` for one
 * that its old key did not sign.
 */
export function follows(sodium: Sodium, { key, rotations }: SiteDocument, known: string): boolean {
  let reached = known;
  for (const step of rotations) {
    if (step.old !== reached) continue;
    verify(sodium, "site-rotation", step, reached);
    reached = step.new;
  }
  return reached === key;
}
