/**
 * Range-based set reconciliation over (depth, id) (SPEC 10.4), after Aljoscha Meyer, "Range-Based Set Reconciliation", 2023.
 *
 * Fingerprints of ranges are sums of ids, so they follow additions at once. Somebody who writes very many events could make two ranges look alike;
 * that only hides a difference from this method, never from the heads.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { tag } from "../canonical.ts";
import type { Bytes } from "../encoding.ts";
import { b64decode, b64encode, concat } from "../encoding.ts";
import type { Bound, EventSource, Place } from "./source.ts";
import { byPlace } from "./source.ts";

const BLOCK = 512;
const MASK = (1n << 256n) - 1n;
const BYTES = 32;

/** Count and sum of the ids of a range. */
export interface Summary {
  readonly count: number;
  readonly sum: bigint;
}

/** What stands on the wire for a range. */
export function fingerprint({ count, sum }: Summary): string {
  return b64encode(sha256(concat(tag("sync-range"), bigEndian(BigInt(count), 8), bigEndian(sum, BYTES))));
}

function bigEndian(value: bigint, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let left = value;
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(left & 0xffn);
    left >>= 8n;
  }
  return bytes;
}

function numberOf(id: string): bigint {
  let hex = "0x";
  for (const byte of b64decode(id, BYTES)) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

export function summed(places: Iterable<Place>): Summary {
  let count = 0;
  let sum = 0n;
  for (const [, id] of places) {
    count += 1;
    sum += numberOf(id);
  }
  return { count, sum: sum & MASK };
}

function together(parts: readonly Summary[]): Summary {
  const count = parts.reduce((total, part) => total + part.count, 0);
  return { count, sum: parts.reduce((total, part) => total + part.sum, 0n) & MASK };
}

/** Counts and sums of the ranges of one history, in blocks of some hundred events. Ranges are (after, upto]. */
export class RangeIndex {
  private readonly source: EventSource;
  /** The last place of each block; ascending. */
  private ends: Place[] = [];
  private blocks: Summary[] = [];
  private built = false;

  constructor(source: EventSource) {
    this.source = source;
  }

  /** Looks at the history anew if it grew unnoticed. */
  refresh(): void {
    if (together(this.blocks).count === this.source.count()) return;
    [this.ends, this.blocks, this.built] = [[], [], true];
    let block: Place[] = [];
    const close = () => {
      const last = block.at(-1);
      if (last === undefined) return;
      this.ends.push(last);
      this.blocks.push(summed(block));
      block = [];
    };
    for (const place of this.source.places(null, null)) {
      block.push(place);
      if (block.length === BLOCK) close();
    }
    close();
  }

  /** This event was added. */
  note(place: Place): void {
    if (!this.built) return;
    let at = this.first(place);
    if (at === this.ends.length && (this.blocks.at(-1)?.count ?? BLOCK) >= BLOCK) {
      this.ends.push(place);
      this.blocks.push({ count: 0, sum: 0n });
    }
    at = Math.min(at, this.ends.length - 1);
    const end = this.ends[at] ?? place;
    this.ends[at] = byPlace(end, place) < 0 ? place : end;
    this.blocks[at] = together([this.blocks[at] ?? { count: 0, sum: 0n }, summed([place])]);
  }

  summary(after: Bound, upto: Bound): Summary {
    const [first, last] = this.whole(after, upto);
    if (first >= last) return summed(this.source.places(after, upto));
    const parts = this.blocks.slice(first, last);
    if (after !== null) parts.push(summed(this.source.places(after, this.ends[first - 1] ?? null)));
    if (upto !== null) parts.push(summed(this.source.places(this.ends[last - 1] ?? null, upto)));
    return together(parts);
  }

  places(after: Bound, upto: Bound): Iterable<Place> {
    return this.source.places(after, upto);
  }

  /** Where to cut a range into about equal pieces: their ends, the last is `upto`. */
  cuts(after: Bound, upto: Bound, pieces: number): readonly Bound[] {
    const blocks = this.ends.slice(...this.whole(after, upto));
    const inner = blocks.length < 2 * pieces ? [...this.source.places(after, upto)] : blocks;
    const step = Math.max(1, Math.ceil(inner.length / pieces));
    const found: Bound[] = [];
    for (let at = step - 1; at < inner.length - 1; at += step) found.push(inner[at] ?? null);
    return [...found.slice(0, pieces - 1), upto];
  }

  /** Which blocks lie in the range as a whole, but for one at its start. */
  private whole(after: Bound, upto: Bound): [number, number] {
    const first = after === null ? 0 : this.first(after) + 1;
    return [first, upto === null ? this.ends.length : this.first(upto)];
  }

  /** The first block that ends at this place or after it. */
  private first(place: Place): number {
    let [from, to] = [0, this.ends.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (byPlace(this.ends[middle] ?? place, place) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
