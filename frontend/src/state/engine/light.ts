/**
 * The light, from what the relay does and the site says (features A9 to A13): pure, with the time given.
 *
 * yellow: the first dial, keys being compared · green: connected · orange: connected, and a moderator's block stands · red: not connected, whether tries are
 * still to come or not.
 */

import type { Envelope } from "../../protocol/envelope.ts";
import type { RelayState } from "../../transport/relay.ts";
import { ATTEMPTS } from "../../transport/tries.ts";
import type { BlockView, ConnectionView, Light } from "../views.ts";

const NOTICES_KEPT = 20;

export const DARK: ConnectionView = {
  light: "red",
  fault: null,
  since: 0,
  attempt: 0,
  attempts: ATTEMPTS,
  nextTry: null,
  waiting: 0,
  block: null,
  notices: [],
};

/** The view after a change of the relay's state. The site tells anew of a block after each welcome. */
export function lightAfter(before: ConnectionView, state: RelayState, now: number): ConnectionView {
  const light = colour(state);
  return changed(before, now, {
    light,
    fault: state.phase === "open" ? null : state.fault,
    attempt: state.phase === "connecting" || state.phase === "waiting" ? state.attempt : 0,
    nextTry: state.phase === "waiting" ? now + state.wait : null,
    block: null,
  });
}

/** The view after the site said something itself: a `block-state` or a `notice`. Anything else changes nothing. */
export function lightTold(before: ConnectionView, { type, id, data }: Envelope, now: number): ConnectionView {
  if (type === "notice") {
    if (before.notices.some((known) => known.id === id)) return before;
    const notice = { id, text: data.text as string, at: now };
    return { ...before, notices: [...before.notices, notice].slice(-NOTICES_KEPT) };
  }
  if (type !== "block-state" || before.light === "red" || before.light === "yellow") return before;
  const until = data.until as number | null;
  const block: BlockView | null = until === null ? null : { until, reason: data.reason as string };
  return changed(before, now, { light: block ? "orange" : "green", block });
}

/** `since` moves only when the colour does. */
function changed(before: ConnectionView, now: number, changes: Partial<ConnectionView>): ConnectionView {
  const after = { ...before, ...changes };
  return { ...after, since: after.light === before.light && before.since !== 0 ? before.since : now };
}

function colour(state: RelayState): Light {
  if (state.phase === "open") return "green";
  return state.phase === "connecting" && state.attempt === 0 ? "yellow" : "red";
}
