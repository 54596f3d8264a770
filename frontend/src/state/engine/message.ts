/** An event as a message on screen, with its mark. */

import { kindOf } from "../../protocol/swarm/bodies.ts";
import type { EventRow, OutboxRow } from "../../storage/records.ts";
import type { Mark, MessageView, ReactionView } from "../views.ts";
import { isShown } from "./histories.ts";

/** How far the letter that carries an event to the peer has come. */
export interface Sending {
  readonly state: OutboxRow["state"];
  readonly fault: string | null;
}

/** By event id, of the letters that carry events to all of another account. */
export function sendings(rows: readonly OutboxRow[]): ReadonlyMap<string, Sending> {
  const carried = rows.filter(
    ({ kind, devices }) => kind === "request" || (kind === "events" && devices === null),
  );
  return new Map(carried.flatMap(({ events, state, fault }) => events.map((id) => [id, { state, fault }])));
}

export function byPlace(a: EventRow, b: EventRow): number {
  return a.signed.event.depth - b.signed.event.depth || (a.id < b.id ? -1 : 1);
}

/** Null for events that are not shown. */
export function messageOf(
  row: EventRow,
  account: string,
  peer: string | null,
  sending: Sending | undefined,
): MessageView | null {
  const { author, type, body, time } = row.signed.event;
  const { line } = row;
  const kind = kindOf(type, body);
  if (line === null || !isShown({ kind, control: line.look === "control" })) return null;
  const shown = SHOWN[kind] ?? "newer-version";
  const own = author === account;
  const sends = shown === "text" || (shown === "started" && sending?.state === "failed");
  const mark = own && sends ? markOf(row, account, peer, sending) : null;
  return {
    id: row.id,
    swarm: row.swarm,
    kind: shown,
    author,
    own,
    time,
    text: line.text,
    replyTo: shown === "text" ? (body.reply_to as string | null) : null,
    edited: line.edit !== null,
    deleted: line.deleted,
    confirmed: line.mark !== "collapsed",
    reactions: reactionsOf(line, account),
    mark,
    fault: mark === "waiting" || mark === "failed" ? (sending?.fault ?? null) : null,
  };
}

/** By emoji, in the order in which each came first. */
function reactionsOf({ reactions }: NonNullable<EventRow["line"]>, account: string): readonly ReactionView[] {
  return [...new Set(reactions.map(({ emoji }) => emoji))].map((emoji) => {
    const same = reactions.filter((each) => each.emoji === emoji);
    const own = same.find(({ author }) => author === account);
    return { emoji, count: same.length, ownEvents: own?.events ?? [] };
  });
}

const SHOWN: Readonly<Record<string, MessageView["kind"]>> = {
  initial: "started",
  "member.join": "joined",
  text: "text",
};

function markOf(row: EventRow, account: string, peer: string | null, sending: Sending | undefined): Mark {
  if (row.delivered || peer === account) return "delivered";
  return sending?.state ?? "sent";
}
