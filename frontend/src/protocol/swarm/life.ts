/**
 * How a conversation ends on the devices of one account (SPEC 7.10): removed, left, erased.
 *
 * Pure: what is to be done comes out as deeds, in order; each may be done twice. Promise: nothing of a removed conversation comes back by itself, and
 * it is erased only when a leave that others must know of is elsewhere.
 */

import type { Request } from "./requests.ts";
import type { State } from "./state.ts";

/**
 * `syncing`: accepted, its history not whole yet. `leaving`: removed here, its leave is to reach others. `removed`: another own device is leaving.
 */
export type Stage = "syncing" | "open" | "leaving" | "removed" | "erased";

/** `leave`: write the leave, then `left`. `tell-…`: a letter to the own other devices. */
export type Deed = "leave" | "erase" | "tell-removed" | "tell-erased";

/** Where one conversation is on this device; `leave` is the event that took the account out. */
export interface Life {
  readonly stage: Stage;
  readonly leave: string | null;
}

export interface Turn {
  readonly life: Life;
  readonly deeds: readonly Deed[];
}

const ERASED: Turn = { life: { stage: "erased", leave: null }, deeds: ["erase", "tell-erased"] };

export function isShown({ stage }: Life): boolean {
  return stage === "syncing" || stage === "open";
}

/** Whether new events are kept; while leaving, unshown, to know who holds the leave. */
export function takesEvents(life: Life): boolean {
  return isShown(life) || life.stage === "leaving";
}

/** The history is whole, and the account a member. */
export function synced(life: Life): Life {
  return life.stage === "syncing" ? { ...life, stage: "open" } : life;
}

/** The person removes it. `others`: other accounts are members. A second time does nothing. */
export function remove(life: Life, others: boolean): Turn {
  if (!isShown(life)) return { life, deeds: [] };
  if (life.stage === "syncing" || !others) return ERASED;
  return { life: { ...life, stage: "leaving" }, deeds: ["tell-removed", "leave"] };
}

/** The leave was written. */
export function left(life: Life, event: string): Life {
  return life.stage === "leaving" ? { ...life, leave: event } : life;
}

/** The leave is not allowed now (the only admin must make another first): it is there again. */
export function refused(life: Life): Life {
  return life.stage === "leaving" && life.leave === null ? { ...life, stage: "open" } : life;
}

/** A device said what it holds, and that covers the leave or not; `own` is this device. */
export function heldBy(life: Life, device: string, own: string, covered: boolean): Turn {
  const elsewhere = life.stage === "leaving" && life.leave !== null && device !== own && covered;
  return elsewhere ? ERASED : { life, deeds: [] };
}

/** Another own device removes it. */
export function toldRemoved(life: Life): Life {
  return isShown(life) ? { ...life, stage: "removed" } : life;
}

/** Another own device has erased it. */
export function toldErased(life: Life): Turn {
  if (life.stage === "erased") return { life, deeds: [] };
  return { life: { ...life, stage: "erased" }, deeds: ["erase"] };
}

/** What a start has to do where data of it lies: a backup or a crash may have left some behind. */
export function found(life: Life): readonly Deed[] {
  return life.stage === "erased" ? ["erase"] : [];
}

/** Whether somebody else is a member. */
export function hasOthers(state: State, account: string): boolean {
  return [...state.members].some((member) => member !== account);
}

/** What is told of a conversation that was accepted and whose history is still coming. */
export function syncingInfo({ id, from, title, description, avatar }: Request, account: string) {
  const said = Object.entries({ title, description, avatar }).filter(([, value]) => value !== null);
  const members = [...new Set([account, from])].sort();
  return { id, ...Object.fromEntries(said), syncing: true, members };
}
