/** What a sync session wants its shell to do, in this order (SPEC 10). */

import type { DeviceList } from "../certificates.ts";
import type { Bytes } from "../encoding.ts";
import type { Bound } from "./source.ts";

/**
 * `equal`: both hold the same. `apart`: no more could be done here. `refused`: the peer sent something bad. `stopped`: the peer refused us.
 * `unreachable`: it fell silent.
 */
export type End = "equal" | "apart" | "refused" | "stopped" | "unreachable";

/** An answer to `askRecent`, for `recent.Recent`. `next` goes further back; null at the beginning. */
export interface Page {
  readonly kind: "page";
  readonly checkpoint: unknown;
  readonly events: readonly unknown[];
  readonly next: Bound;
}

/** `peer` is the device at the other side; `event` and `code` say what was bad. `late` events by removed authors wait for somebody to confirm them. */
export interface Ended {
  readonly kind: "ended";
  readonly end: End;
  readonly peer: string;
  readonly code: string | null;
  readonly event: string | null;
  readonly added: number;
  readonly given: number;
  readonly late: number;
}

export interface Send {
  readonly kind: "send";
  readonly frame: Bytes;
}

export type Effect =
  | Send
  /** Add these signed events, all or none, and tell the session by `taken` or `spoiled` before it is asked for anything else. */
  | { readonly kind: "take"; readonly events: readonly unknown[] }
  /** The peer knows a newer device list. */
  | { readonly kind: "newer-list"; readonly list: DeviceList }
  /** The peer holds another list under the same number: some site shows different people different lists. */
  | { readonly kind: "list-conflict"; readonly account: string }
  | Page
  | Ended;
