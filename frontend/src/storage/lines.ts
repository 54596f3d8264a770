/** The lines of events that were stored before there were any, as the core shows them (SPEC 7.6). */

import type { Sodium } from "../protocol/ports.ts";
import { MemoryEventStore } from "../protocol/swarm/memory.ts";
import { Replica } from "../protocol/swarm/replica.ts";
import { View } from "../protocol/swarm/view.ts";
import type { EventRow } from "./records.ts";

/** As version 1 may have stored it. */
export type OldEventRow = Omit<EventRow, "line"> & Partial<Pick<EventRow, "line">>;

/** What is stored was verified when it came. */
const NOTHING_TO_VERIFY = {} as Sodium;

/** The rows of one conversation, all of them, each with its line. A history that cannot be read is shown as empty. */
export function withLines(rows: readonly OldEventRow[]): readonly EventRow[] {
  const line = lineOf(rows);
  return rows.map((row) => ({ ...row, line: line(row.id) }));
}

function lineOf(rows: readonly OldEventRow[]): (id: string) => EventRow["line"] {
  try {
    const store = new MemoryEventStore();
    store.fill(rows);
    const replica = new Replica(NOTHING_TO_VERIFY, store);
    const view = new View(replica, replica.displayOrder());
    const lines = new Map(view.lines().map(({ event, ...line }) => [event.id, line]));
    return (id) => lines.get(id) ?? null;
  } catch {
    return () => null;
  }
}
