/** The light, from what the relay does (features A9 to A13). */

import type { RelayState } from "../../transport/relay.ts";
import { ATTEMPTS } from "../../transport/relay.ts";
import type { ConnectionView, Light } from "../views.ts";

export const DARK: ConnectionView = {
  light: "red",
  fault: null,
  since: 0,
  attempt: 0,
  attempts: ATTEMPTS,
  nextTry: null,
  waiting: 0,
};

/** The view after a change of the relay's state; `since` moves only when the colour does. */
export function lightAfter(before: ConnectionView, state: RelayState, now: number): ConnectionView {
  const light = colour(state);
  return {
    ...before,
    light,
    fault: state.phase === "open" ? null : state.fault,
    since: light === before.light && before.since !== 0 ? before.since : now,
    attempt: state.phase === "connecting" || state.phase === "waiting" ? state.attempt : 0,
    nextTry: state.phase === "waiting" ? now + state.wait : null,
  };
}

function colour(state: RelayState): Light {
  if (state.phase === "open") return "green";
  if (state.phase === "connecting" && state.attempt === 0) return "yellow";
  return state.phase === "rest" && state.fault === "refused" ? "orange" : "red";
}
