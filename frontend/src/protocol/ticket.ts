/** The ticket that a waiting device shows as a QR code (SPEC 4.8). */

import { ProtocolError } from "./errors.ts";
import * as schema from "./schema.ts";

const TICKET = "PL1";
export const SECRET_BYTES = 16;

/** What a newcomer shows as a QR code: the slot where it waits, its commitment, and a secret that never passes through the site. */
export interface Ticket {
  readonly slot: string;
  readonly commit: string;
  readonly secret: string;
}

export function ticketText({ slot, commit, secret }: Ticket): string {
  return `${TICKET}.${slot}.${commit}.${secret}`;
}

/** The ticket that was scanned; `schema`, `encoding` or `unsupported_suite`. */
export function parseTicket(text: string): Ticket {
  const [suite, slot, commit, secret, ...more] = text.split(".");
  if (suite !== TICKET) throw new ProtocolError("unsupported_suite", "ticket");
  if (slot === undefined || commit === undefined || secret === undefined || more.length > 0) {
    throw schema.schemaError("ticket");
  }
  schema.nonce(slot, "slot");
  schema.key(commit, "commit");
  schema.nonce(secret, "secret");
  return { slot, commit, secret };
}
