/** A letter that is owed becomes a sealed envelope (SPEC 5.3, 6.6). Nothing is stored here. */

import { Address } from "../../protocol/addresses.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { makeEnvelope, newId } from "../../protocol/envelope.ts";
import { LONGEST_LIFE } from "../../protocol/envelope_types.ts";
import {
  makeAck,
  makeAckLetter,
  makeDeclined,
  makeDisplayed,
  makeEvents,
  makeMissing,
  makeRequest,
  makeWhereabouts,
} from "../../protocol/letters.ts";
import type { Recipient } from "../../protocol/seal.ts";
import { sealMail } from "../../protocol/seal.ts";
import type { OutboxRow } from "../../storage/records.ts";
import type { Core } from "./core.ts";
import type { Histories } from "./histories.ts";

/** A request must stay small; its other devices learn of it from these. */
const REQUEST_DEVICES = 6;

/** The plaintext of a row as things stand now; null when there is nothing to say any more. Within `core.serial`. */
export async function letterOf(
  core: Core,
  histories: Histories,
  row: OutboxRow,
  name: string,
): Promise<Bytes | null> {
  const { swarm } = row;
  if (row.kind === "declined") return makeDeclined(swarm);
  if (row.kind === "post") return row.letter ?? null;
  const { replica } = await histories.open(swarm);
  const { store } = replica;
  const events = row.events.flatMap((id) => store.get(id)?.signed ?? []);
  const [first] = events;
  switch (row.kind) {
    case "request":
      return first === undefined
        ? null
        : makeRequest(first, swarm, { name: [...name].slice(0, 64).join("") });
    case "events":
      return first === undefined ? null : makeEvents(swarm, events);
    case "missing": {
      const missing = replica.missing();
      return missing.length === 0 ? null : makeMissing(swarm, missing);
    }
    case "ack": {
      const { self, now } = core;
      return makeAckLetter(await makeAck(self.sign, self.account, swarm, replica.heads, now));
    }
    case "displayed":
      return makeDisplayed(swarm, row.events[0] ?? swarm);
    case "whereabouts":
      return whereabouts(core, swarm);
    case "history":
    case "posts":
      return null;
  }
}

async function whereabouts(core: Core, swarm: string): Promise<Bytes | null> {
  const row = await core.db.get("swarms", swarm);
  if (row === undefined || row.address === null) return null;
  return makeWhereabouts(swarm, row.peer, Address.parse(row.address), row.name);
}

export function sealLetter(
  core: Core,
  row: OutboxRow,
  letter: Bytes,
  recipients: readonly Recipient[],
): Promise<Envelope> {
  const type = row.kind === "request" ? "request" : "mail";
  const chosen = type === "request" ? recipients.slice(0, REQUEST_DEVICES) : recipients;
  return sealFor(core, { to: Address.parse(row.to), type, ttl: LONGEST_LIFE }, letter, chosen);
}

/** The letter sealed for these devices of an account; `ttl` is in seconds. */
export async function sealFor(
  core: Core,
  { to, type, ttl }: { readonly to: Address; readonly type: string; readonly ttl: number },
  letter: Bytes,
  recipients: readonly Recipient[],
): Promise<Envelope> {
  const { self, sodium, outside } = core;
  const id = newId(outside.random);
  const context = { from: self.address.wire(), from_device: self.device, id, to: to.wire(), type };
  const ephemeral = async () => sodium.dhKey(outside.random.bytes(32));
  const fields = await sealMail(sodium, letter, context, self.dh, recipients, outside.random, ephemeral);
  const draft = {
    from: self.address,
    to,
    type,
    fields: { ...fields },
    fromDevice: self.device,
    toDevice: null,
    now: core.now,
    ttl,
    id,
  };
  return makeEnvelope(draft, self.sign);
}
