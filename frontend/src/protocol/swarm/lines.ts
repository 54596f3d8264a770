/** One line of a conversation as it is shown (SPEC 7.6): an event with what later ones make of it. */

import type { SignedEvent } from "./events.ts";
import type { Mark } from "./late.ts";
import { byPlace, placeOf } from "./state.ts";

export type Look = "text" | "file" | "call" | "newer" | "control";

/** Content that stands in no line of its own but changes others. */
export const AMENDING: ReadonlySet<string> = new Set(["edit", "delete", "reaction"]);
const SILENT: ReadonlySet<string> = new Set(["merge", "device", "device.revocation", ...AMENDING]);
const LOOKS: Readonly<Record<string, Look>> = {
  text: "text",
  "data-transfer": "file",
  "call-history": "call",
};

/** The events that stand (no mark) and name this one as `target`, in any order. */
export type Naming = (id: string) => readonly SignedEvent[];

/** `events` are all of this author with this emoji: deleting them all takes it back. */
export interface Reaction {
  readonly emoji: string;
  readonly author: string;
  readonly events: readonly string[];
}

/**
 * `text` is what a `text` says now, null if it was deleted or is no text; `edit` is the event that says so, null for the original.
 */
export interface Line {
  readonly event: SignedEvent;
  readonly look: Look;
  readonly text: string | null;
  readonly edit: string | null;
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  readonly mark: Mark | null;
}

/** How an event is drawn; null if it has no line of its own. */
export function lookOf({ type, kind, control, body }: SignedEvent): Look | null {
  if (SILENT.has(kind) || (type === "call-history" && body.outcome !== "started")) return null;
  return control ? "control" : (LOOKS[type] ?? "newer");
}

/** The line of an event that has one. */
export function show(event: SignedEvent, look: Look, mark: Mark | null, naming: Naming): Line {
  const named = look === "control" ? [] : [...naming(event.id)].sort(inOrder);
  const line = { event, look, mark, text: null, edit: null, deleted: false, reactions: [] };
  if (isDeleted(event, named)) return { ...line, deleted: true };
  const wording = look === "text" ? wordingOf(event, named) : {};
  return { ...line, ...wording, reactions: reactionsOf(named, naming) };
}

export function inOrder(a: SignedEvent, b: SignedEvent): number {
  return byPlace(placeOf(a), placeOf(b));
}

function isDeleted(event: SignedEvent, named: readonly SignedEvent[]): boolean {
  return named.some(({ type, author }) => type === "delete" && author === event.author);
}

function wordingOf(event: SignedEvent, named: readonly SignedEvent[]): { text: string; edit: string | null } {
  const edit = named.filter(({ type, author }) => type === "edit" && author === event.author).at(-1);
  return { text: (edit ?? event).body.text as string, edit: edit?.id ?? null };
}

/** Those not taken back, an author's equal ones together, in the order of the first. */
function reactionsOf(named: readonly SignedEvent[], naming: Naming): readonly Reaction[] {
  const found = new Map<string, { emoji: string; author: string; events: string[] }>();
  for (const event of named) {
    if (event.type !== "reaction" || isDeleted(event, naming(event.id))) continue;
    const emoji = event.body.emoji as string;
    const key = `${event.author} ${emoji}`;
    const reaction = found.get(key) ?? { emoji, author: event.author, events: [] };
    reaction.events.push(event.id);
    found.set(key, reaction);
  }
  return [...found.values()];
}
