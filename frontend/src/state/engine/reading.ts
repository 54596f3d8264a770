/** How far this account has read a conversation, kept alike on its devices (SPEC 7.8). The rule is the core's. */

import type { Displayed } from "../../protocol/swarm/displayed.ts";
import { catchUp, NOTHING_DISPLAYED, tell } from "../../protocol/swarm/displayed.ts";
import type { SignedEvent } from "../../protocol/swarm/events.ts";
import { lookOf } from "../../protocol/swarm/lines.ts";
import type { SwarmRow } from "../../storage/records.ts";
import type { History } from "./histories.ts";

/** Something to read: not an edit, a reaction, or who joined. */
export function isNews(event: SignedEvent): boolean {
  return ![null, "control"].includes(lookOf(event));
}

/** The conversation after it was displayed up to this event, here or on another own device. */
export function displayedTo(history: History, row: SwarmRow, event: string): SwarmRow {
  return marked(
    history,
    row,
    tell(markOf(row), event, (id) => history.placeOf(id)),
  );
}

/** The conversation after new events: what a mark had waited for, and what `own` wrote, who has read all before it. */
export function displayedWith(
  history: History,
  row: SwarmRow,
  added: readonly SignedEvent[],
  own: string,
): SwarmRow {
  const where = (id: string) => history.placeOf(id);
  const said = added.filter((event) => event.author === own && isNews(event));
  const mark = said.reduce((known, { id }) => tell(known, id, where), catchUp(markOf(row), where));
  return marked(history, row, mark);
}

function markOf({ displayed }: SwarmRow): Displayed {
  return displayed ?? NOTHING_DISPLAYED;
}

function marked(history: History, row: SwarmRow, displayed: Displayed): SwarmRow {
  if (displayed.event === markOf(row).event) return { ...row, displayed };
  return { ...row, displayed, unread: history.newsAfter(displayed.event, row.peer) };
}
