/**
 * What this browser keeps of one member: the rows of `indexeddb`. Times are milliseconds since 1970. Private keys are non-extractable handles; the
 * account key's seed is never stored.
 */

import type { DBSchema } from "idb";
import type { AddressWire } from "../protocol/addresses.ts";
import type { Certificate, DeviceListWire } from "../protocol/certificates.ts";
import type { Bytes } from "../protocol/encoding.ts";
import type { Freshness } from "../protocol/freshness.ts";
import type { Ack } from "../protocol/letters.ts";
import type { Revocation } from "../protocol/revocations.ts";
import type { Displayed } from "../protocol/swarm/displayed.ts";
import type { SignedWire } from "../protocol/swarm/events.ts";
import type { Line } from "../protocol/swarm/lines.ts";
import type { KeyHandle } from "./webcrypto.ts";

/** Who one is in this browser. One row, `name` "self". */
export interface SelfRow {
  readonly name: "self";
  readonly address: AddressWire;
  readonly account: string;
  readonly device: KeyHandle;
  readonly dh: KeyHandle;
  /** The account key, where this browser holds it. */
  readonly root: KeyHandle | null;
  readonly certificate: Certificate;
  readonly list: DeviceListWire;
  /** All of the own account that were ever learnt, and the newest freshness statement; rows of before have neither. */
  readonly revocations?: readonly Revocation[];
  readonly freshness?: Freshness | null;
  /** The site has the list. */
  readonly enrolled: boolean;
  /** The own site's key, as first seen. */
  readonly siteKey: string | null;
}

export interface PrekeyRow {
  readonly public: string;
  readonly kind: "signed" | "one-time";
  readonly key: CryptoKey;
  readonly time: number;
  /** The site has it. */
  readonly published: boolean;
}

/** An address and the account first seen there. */
export interface ContactRow {
  /** Text form. */
  readonly address: string;
  readonly account: string;
  /** Another account key that the address names now, until the person accepts it. */
  readonly changed: string | null;
  /** The newest known device list of `account`. */
  readonly list: DeviceListWire;
  /** All that were ever learnt, and the newest freshness statement; rows of before have neither. */
  readonly revocations?: readonly Revocation[];
  readonly freshness?: Freshness | null;
  /** The last keys document (SPEC 4.4) of `account`, verified. */
  readonly keys: unknown;
  readonly fetched: number;
}

export type SwarmState = "asked" | "request" | "open" | "declined";

/** A conversation; the newest text and the counts are here so that a list needs no events. */
export interface SwarmRow {
  readonly swarm: string;
  readonly state: SwarmState;
  readonly peer: string;
  /** Where the peer lives, text form; null while only their account is known. */
  readonly address: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly created: number;
  /** Id of the newest shown event. */
  readonly last: string | null;
  readonly lastTime: number;
  readonly unread: number;
  /** How far this account has read it, as its devices told each other; none at first. */
  readonly displayed?: Displayed;
}

export interface EventRow {
  readonly id: string;
  readonly swarm: string;
  readonly device: string;
  readonly seq: number;
  /** As of `ports.StoredEvent`. */
  readonly frontier: readonly string[];
  readonly signed: SignedWire;
  /** A device of the peer has said that it holds this. */
  readonly delivered: boolean;
  /** What a conversation shows of it; null for what has no line of its own. */
  readonly line: Omit<Line, "event"> | null;
}

export interface ParkedRow {
  readonly id: string;
  readonly swarm: string;
  readonly missing: readonly string[];
  readonly signed: SignedWire;
}

/**
 * `history`: all events of the swarm, turned into rows of kind `events` when the devices can be sealed to. `posts`: all own posts that the site has signed
 * versions of, turned into rows of kind `post` page by page.
 */
export type OutboxKind =
  | "request"
  | "events"
  | "history"
  | "ack"
  | "missing"
  | "declined"
  | "displayed"
  | "whereabouts"
  | "post"
  | "posts";

/** A letter that is owed. First a task, then sealed bytes that are sent unchanged until the site accepts them. */
export interface OutboxRow {
  readonly row: string;
  readonly kind: OutboxKind;
  readonly swarm: string;
  /** Text form. */
  readonly to: string;
  /** Only these devices; null for all of the account. */
  readonly devices: readonly string[] | null;
  readonly events: readonly string[];
  /** Of a `post`: the letter. */
  readonly letter?: Bytes;
  /** Of `posts`: what the site has told already. */
  readonly after?: number;
  readonly state: "waiting" | "sent" | "failed";
  /** The sealed envelope and its id. */
  readonly envelope: { readonly id: string; readonly raw: Bytes; readonly until: number } | null;
  readonly since: number;
  readonly due: number;
  readonly attempts: number;
  readonly fault: string | null;
}

/** An envelope that had its effect, or was refused for good; kept while it could come again. */
export interface TakenRow {
  /** `from_device id`. */
  readonly key: string;
  readonly hash: string;
  readonly until: number;
}

/** An envelope whose sender's keys could not be asked for yet. Still sealed. */
export interface HeldRow {
  readonly hash: string;
  /** The sender's, text form. */
  readonly site: string;
  readonly raw: Bytes;
  readonly until: number;
}

export interface AckRow {
  readonly swarm: string;
  readonly device: string;
  readonly ack: Ack;
}

export interface Schema extends DBSchema {
  self: { key: string; value: SelfRow };
  prekeys: { key: string; value: PrekeyRow };
  contacts: { key: string; value: ContactRow; indexes: { account: string } };
  swarms: { key: string; value: SwarmRow; indexes: { peer: string } };
  events: {
    key: string;
    value: EventRow;
    indexes: { swarm: string; place: [string, string, number] };
  };
  parked: { key: string; value: ParkedRow; indexes: { swarm: string } };
  outbox: { key: string; value: OutboxRow };
  taken: { key: string; value: TakenRow; indexes: { until: number } };
  held: { key: string; value: HeldRow };
  acks: { key: [string, string]; value: AckRow; indexes: { swarm: string } };
}
