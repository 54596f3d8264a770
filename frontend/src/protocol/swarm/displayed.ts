/**
 * How far somebody has read a conversation (SPEC 7.8): one mark an account, told between its devices and, if it wishes, to the others.
 *
 * Promise: whoever is told the same marks and holds the same events ends with the same one, in whatever order they came. Limit: `KEPT` marks wait
 * for events that are not held.
 */

import type { Place } from "./state.ts";
import { byPlace } from "./state.ts";

export const KEPT = 16;

/** (depth, id) of an event that is held, null for others. */
export type Where = (id: string) => Place | null;

/** `event` and all before it in display order were shown. `kept` were told of, but are not held yet. */
export interface Displayed {
  readonly event: string | null;
  readonly kept: readonly string[];
}

export const NOTHING_DISPLAYED: Displayed = { event: null, kept: [] };

/** After a mark for this event came from a device of the account, or the account wrote it. */
export function tell(known: Displayed, event: string, where: Where): Displayed {
  const { event: current, kept } = known;
  if (event === current || kept.includes(event)) return known;
  if (current === null) return { event, kept };
  const [place, before] = [where(event), where(current)];
  if (place === null) return keep(known, event);
  if (before === null) return keep({ event, kept }, current);
  return byPlace(place, before) > 0 ? { event, kept } : known;
}

/** After new events came: what had waited for them counts. */
export function catchUp(known: Displayed, where: Where): Displayed {
  const here = known.kept.filter((event) => where(event) !== null);
  const rest = { event: known.event, kept: known.kept.filter((event) => !here.includes(event)) };
  return here.reduce((found: Displayed, event) => tell(found, event, where), rest);
}

/** Whether this event that is held was displayed. */
export function covers(known: Displayed, event: string, where: Where): boolean {
  const place = where(event);
  const mark = known.event === null ? null : where(known.event);
  return place !== null && mark !== null && byPlace(place, mark) <= 0;
}

/** Who is told of a step of one's own; without `receipts` only one's own devices learn it. */
export function audience(
  before: Displayed,
  after: Displayed,
  receipts: boolean,
): "nobody" | "own devices" | "everybody" {
  if (before.event === after.event) return "nobody";
  return receipts ? "everybody" : "own devices";
}

function keep(known: Displayed, event: string): Displayed {
  return { event: known.event, kept: [...known.kept, event].slice(-KEPT) };
}
