/** What each side holds, told by the latest event of each device, and what the other one lacks by that (SPEC 10.3). */

import type { Bytes } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import type { StoredEvent } from "../ports.ts";
import type { Frames, Numbered } from "./frames.ts";
import { VECTOR_DEVICES, writeFrame } from "./frames.ts";
import { atPlaces } from "./sending.ts";
import type { EventSource, Place, Tip } from "./source.ts";
import { byPlace, isForked, placeOf } from "./source.ts";

export const MAX_DEVICES = 65_536;
const READ_AHEAD = 1_024;

/** What the other side tells in a round, frame by frame. */
export class Vector {
  readonly devices = new Map<string, Numbered>();
  private frames = 0;

  /** Whether that was the last frame. `too_many` after more devices than a vector may have, or more frames than they take. */
  take({ devices, last }: Frames["vector"]): boolean {
    this.frames += 1;
    for (const [device, tip] of Object.entries(devices)) this.devices.set(device, tip);
    if (this.devices.size > MAX_DEVICES || this.frames * VECTOR_DEVICES > MAX_DEVICES) {
      throw new ProtocolError("too_many", "devices");
    }
    return last;
  }
}

/** The latest event of each device, some hundred devices a frame. */
export function vectorFrames(source: EventSource, swarm: string): readonly Bytes[] {
  const tips = source.tips();
  const frames: Bytes[] = [];
  for (let start = 0; start === 0 || start < tips.length; start += VECTOR_DEVICES) {
    const some = tips.slice(start, start + VECTOR_DEVICES);
    const devices = Object.fromEntries(some.map(({ device, seq, id }) => [device, [seq, id] as const]));
    frames.push(writeFrame("vector", swarm, { devices, last: start + VECTOR_DEVICES >= tips.length }));
  }
  return frames;
}

/** What a replica with this vector lacks, parents before children; null if the vector cannot tell. */
export function missingRuns(
  source: EventSource,
  theirs: ReadonlyMap<string, Numbered>,
): Iterable<StoredEvent> | null {
  if (theirs.size === 0) return atPlaces(source, source.places(null, null));
  const starts: [string, number][] = [];
  for (const tip of source.tips()) {
    const start = startOf(source, tip, theirs.get(tip.device));
    if (start === null) return null;
    if (start <= tip.seq) starts.push([tip.device, start]);
  }
  const size = Math.max(4, Math.floor(READ_AHEAD / Math.max(1, starts.length)));
  return merged(starts.map(([device, seq]) => run(source, device, seq, size)));
}

/** The first seq of a device to send; null if the other side's events of it may be others than ours. */
function startOf(source: EventSource, tip: Tip, theirs: Numbered | undefined): number | null {
  if (isForked(tip)) return null;
  if (theirs === undefined) return 0;
  const [seq, id] = theirs;
  if (seq > tip.seq) return tip.seq + 1;
  const ours = seq === tip.seq ? tip.id : source.run(tip.device, seq, 1)[0]?.id;
  return ours === id ? seq + 1 : null;
}

/** Reads ahead in pieces, so that nothing long is held. */
function* run(
  source: EventSource,
  device: string,
  from: number,
  size: number,
): Generator<StoredEvent, void, undefined> {
  let seq = from;
  for (let found = source.run(device, seq, size); found.length > 0; found = source.run(device, seq, size)) {
    yield* found;
    seq = (found.at(-1)?.signed.event.seq ?? seq) + 1;
  }
}

/** Several ascending runs as one: a binary heap of their next events. */
function* merged(runs: readonly Iterator<StoredEvent>[]): Iterable<StoredEvent> {
  const heap: { place: Place; event: StoredEvent; run: Iterator<StoredEvent> }[] = [];
  const lower = (a: number, b: number) => byPlace(heap[a]!.place, heap[b]!.place) < 0;
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  const push = (each: Iterator<StoredEvent>) => {
    const { done, value } = each.next();
    if (done) return;
    heap.push({ place: placeOf(value), event: value, run: each });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >>> 1;
      if (!lower(at, above)) break;
      swap(at, above);
      at = above;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < heap.length && lower(below, least)) least = below;
      }
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  for (const each of runs) push(each);
  while (heap.length > 0) {
    swap(0, heap.length - 1);
    const first = heap.pop()!;
    sink();
    yield first.event;
    push(first.run);
  }
}
