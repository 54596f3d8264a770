/**
 * One round of comparing ranges (SPEC 10.4): what comes is answered, and what the other side lacks gathers.
 *
 * A frame of ranges covers from where the round began up to its last range; what no frame covers any more waits for the next round. So at the end
 * everything up to `ceiling` is settled, and what is given stands on nothing that the other side lacks.
 */

import { ProtocolError } from "../errors.ts";
import type { Range } from "./frames.ts";
import { MAX_RANGES, MAX_WANTED, RANGE_IDS } from "./frames.ts";
import type { RangeIndex } from "./ranges.ts";
import { fingerprint } from "./ranges.ts";
import type { Bound, EventSource, Place } from "./source.ts";
import { byPlace, placeOf } from "./source.ts";

export const PIECES = 16;
export const MAX_GIVEN = 1_000;
export const MAX_FRAMES = 64;
export const MAX_LISTED = 512;

/** `ranges` cover what was asked, if anything was; `open` says whether any of them asks in turn. `wanted` are ids. */
export interface Answer {
  readonly ranges: readonly Range[];
  readonly wanted: readonly string[];
  readonly open: boolean;
}

export class Reconciliation {
  ceiling: Bound = null;
  private readonly source: EventSource;
  private readonly index: RangeIndex;
  private readonly floor: Bound;
  private readonly listing: boolean;
  private readonly toGive = new Map<string, Place>();
  private frames = 0;
  private wants = 0;

  /** `floor`: up to here both sides are known to agree. `listing`: compare ids, never fingerprints. */
  constructor(source: EventSource, index: RangeIndex, floor: Bound, listing: boolean) {
    this.source = source;
    this.index = index;
    this.floor = floor;
    this.listing = listing;
  }

  /** The ranges of the first frame. */
  begin(): readonly Range[] {
    return this.covering(this.listing ? this.listed() : this.halved(this.floor, null));
  }

  /** Answers the ranges of a frame. `schema` if they do not ascend, `too_many` after too many frames. */
  receive(ranges: readonly Range[]): Answer {
    this.frames += 1;
    if (this.frames > MAX_FRAMES) throw new ProtocolError("too_many", "ranges");
    this.check(ranges);
    if (!ranges.some(isOpen)) {
      this.lower(ranges.at(-1)?.to ?? null);
      return { ranges: [], wanted: [], open: false };
    }
    const reply: Range[] = [];
    const wanted: string[] = [];
    let after = this.floor;
    for (const each of ranges) {
      reply.push(...this.answer(after, each, wanted));
      after = each.to;
      if (this.isFull() || fillsFrame(reply) || wanted.length > MAX_WANTED - RANGE_IDS) break;
    }
    this.lower(after);
    const covering = this.covering(reply);
    return { ranges: covering, wanted, open: covering.some(isOpen) };
  }

  /**
   * The other side asked for these. Ids that are not here are passed over. `too_many` after more questions than there can be frames to ask about.
   */
  give(ids: readonly string[]): void {
    this.wants += 1;
    if (this.wants > MAX_FRAMES) throw new ProtocolError("too_many", "want");
    for (const id of ids) {
      const event = this.source.get(id);
      if (event !== undefined) this.toGive.set(id, placeOf(event));
    }
  }

  /** What to push when the round is over, parents before children. */
  given(): readonly Place[] {
    const { ceiling } = this;
    const settled = [...this.toGive.values()].filter(
      (place) => ceiling === null || byPlace(place, ceiling) <= 0,
    );
    return settled.sort(byPlace);
  }

  private check(ranges: readonly Range[]): void {
    let after = this.floor;
    for (const [index, { to }] of ranges.entries()) {
      const cut = to === null && index < ranges.length - 1;
      if (cut || (after !== null && to !== null && byPlace(after, to) >= 0)) {
        throw new ProtocolError("schema", "ranges");
      }
      after = to;
    }
  }

  private answer(after: Bound, asked: Range, wanted: string[]): readonly Range[] {
    const { to } = asked;
    if (asked.ids !== null) {
      this.compare(after, to, asked.ids, wanted);
    } else if (asked.fingerprint !== null) {
      const own = this.index.summary(after, to);
      if (!asked.count) this.compare(after, to, [], wanted);
      else if (own.count !== asked.count || fingerprint(own) !== asked.fingerprint) {
        return this.halved(after, to);
      }
    }
    return [skip(to)];
  }

  private compare(after: Bound, upto: Bound, theirs: readonly string[], wanted: string[]): void {
    const listed = new Set(theirs);
    for (const place of this.index.places(after, upto)) {
      if (listed.delete(place[1])) continue;
      this.toGive.set(place[1], place);
      if (this.isFull()) {
        this.lower(place);
        break;
      }
    }
    wanted.push(...theirs.filter((id) => listed.has(id) && this.source.get(id) === undefined));
  }

  /** A range that differs, in smaller ones; a small one by its ids. */
  private halved(after: Bound, upto: Bound): readonly Range[] {
    if (this.index.summary(after, upto).count <= RANGE_IDS) {
      return [{ ...skip(upto), ids: [...this.index.places(after, upto)].map(([, id]) => id) }];
    }
    let from = after;
    return this.index.cuts(after, upto, PIECES).map((cut) => {
      const own = this.index.summary(from, cut);
      from = cut;
      return { ...skip(cut), count: own.count, fingerprint: fingerprint(own) };
    });
  }

  /** The next ids, some hundred. */
  private listed(): readonly Range[] {
    const found: Range[] = [];
    let ids: string[] = [];
    for (const place of this.index.places(this.floor, null)) {
      ids.push(place[1]);
      if (ids.length === RANGE_IDS) {
        found.push({ ...skip(place), ids });
        ids = [];
      }
      if (found.length * RANGE_IDS >= MAX_LISTED) {
        this.lower(place);
        return found;
      }
    }
    return [...found, { ...skip(null), ids }];
  }

  private isFull(): boolean {
    return this.toGive.size >= MAX_GIVEN;
  }

  /** The ranges up to the ceiling. */
  private covering(ranges: readonly Range[]): readonly Range[] {
    const { ceiling } = this;
    if (ceiling === null) return ranges;
    const kept = ranges.filter(({ to }) => to !== null && byPlace(to, ceiling) <= 0);
    const last = kept.at(-1)?.to ?? null;
    return last !== null && byPlace(last, ceiling) === 0 ? kept : [...kept, skip(ceiling)];
  }

  private lower(bound: Bound): void {
    if (bound === null) return;
    if (this.ceiling === null || byPlace(bound, this.ceiling) < 0) this.ceiling = bound;
  }
}

function skip(to: Bound): Range {
  return { to, count: null, fingerprint: null, ids: null };
}

/** Whether the answer to one more range might not fit. */
function fillsFrame(ranges: readonly Range[]): boolean {
  const listed = ranges.reduce((total, { ids }) => total + (ids?.length ?? 0), 0);
  return ranges.length > MAX_RANGES - PIECES || listed > MAX_LISTED;
}

function isOpen({ fingerprint: print, ids }: Range): boolean {
  return print !== null || ids !== null;
}
