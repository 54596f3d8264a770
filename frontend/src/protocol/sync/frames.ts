/** The frames of a sync: their forms and bytes (SPEC 10.2). */

import { canonical, LIMIT, parse } from "../canonical.ts";
import type { Bytes } from "../encoding.ts";
import { concat, utf8 } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import type { Check } from "../schema.ts";
import * as schema from "../schema.ts";
import { VERSION } from "../schema.ts";
import type { Bound } from "./source.ts";

export const BATCH_BYTES = 16_384;
export const BATCH_EVENTS = 64;
export const MAX_HEADS = 64;
export const MAX_LISTS = 256;
export const VECTOR_DEVICES = 256;
export const MAX_RANGES = 128;
export const RANGE_IDS = 64;
export const MAX_WANTED = 1_000;
export const PAGE_EVENTS = 64;

/** Number and id of a device list. */
export type Numbered = readonly [number: number, id: string];

/** Up to `to` from where the one before it ended: nothing to say, a fingerprint, or all the ids. */
export interface Range {
  readonly to: Bound;
  readonly count: number | null;
  readonly fingerprint: string | null;
  readonly ids: readonly string[] | null;
}

export interface Frames {
  readonly hello: {
    readonly heads: readonly string[];
    readonly count: number;
    readonly fingerprint: string;
    readonly late: number;
    readonly lists: Readonly<Record<string, Numbered>>;
  };
  readonly list: { readonly list: unknown };
  readonly vector: { readonly devices: Readonly<Record<string, Numbered>>; readonly last: boolean };
  readonly ranges: { readonly ranges: readonly Range[] };
  readonly want: { readonly events: readonly string[] };
  readonly events: { readonly events: readonly unknown[] };
  readonly got: { readonly frames: number };
  readonly end: { readonly mismatch: boolean };
  readonly recent: { readonly before: Bound; readonly limit: number };
  readonly page: { readonly checkpoint: unknown; readonly events: readonly unknown[]; readonly next: Bound };
  readonly bye: { readonly code: string | null; readonly event: string | null };
}
export type Kind = keyof Frames;
export type Frame = { [K in Kind]: { readonly kind: K; readonly swarm: string } & Frames[K] }[Kind];

const any = schema.opened({});

function pair(first: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) throw schema.schemaError(path);
    first(value[0], path);
    schema.key(value[1], path);
  };
}

/** [depth, id]. */
const checkPlace = pair(schema.integer());

const rangeForm = schema.closed({
  to: schema.nullable(checkPlace),
  count: schema.nullable(schema.integer()),
  fingerprint: schema.nullable(schema.key),
  ids: schema.nullable(schema.listing(schema.key, 0, RANGE_IDS)),
});

/** It says nothing, count and fingerprint, or the ids. */
const range: Check = (value, path) => {
  const { count, fingerprint, ids } = schema.matches<Range>(rangeForm, value, path);
  const summed = fingerprint !== null;
  if ((count !== null) !== summed || (summed && ids !== null)) throw schema.schemaError(path);
};

function frame(members: Readonly<Record<string, Check>>): Check {
  return schema.closed({ kind: schema.label(), swarm: schema.key, ...members });
}

const FORMS: Readonly<Record<Kind, Check>> = {
  hello: frame({
    v: schema.version,
    heads: schema.sortedIds(0, MAX_HEADS),
    count: schema.integer(),
    fingerprint: schema.key,
    late: schema.integer(),
    lists: schema.mapping(schema.key, pair(schema.integer(1)), 0, MAX_LISTS),
  }),
  list: frame({ list: any }),
  vector: frame({ devices: schema.mapping(schema.key, checkPlace, 0, VECTOR_DEVICES), last: schema.boolean }),
  ranges: frame({ ranges: schema.listing(range, 1, MAX_RANGES) }),
  want: frame({ events: schema.listing(schema.key, 1, MAX_WANTED) }),
  events: frame({ events: schema.listing(any, 1, BATCH_EVENTS) }),
  got: frame({ frames: schema.integer(1) }),
  end: frame({ mismatch: schema.boolean }),
  recent: frame({ before: schema.nullable(checkPlace), limit: schema.integer(1, PAGE_EVENTS) }),
  page: frame({
    checkpoint: schema.nullable(any),
    events: schema.listing(any, 0, PAGE_EVENTS),
    next: schema.nullable(checkPlace),
  }),
  bye: frame({
    code: schema.nullable(schema.matching(/^[a-z0-9_]{1,64}$/)),
    event: schema.nullable(schema.key),
  }),
};
const kinded = schema.opened({ kind: schema.label() });

export function writeFrame<K extends Kind>(kind: K, swarm: string, members: Frames[K]): Bytes {
  const version = kind === "hello" ? { v: VERSION } : {};
  return canonical({ kind, swarm, ...version, ...members });
}

/** The canonical frame around events that are canonical bytes already. */
export function writeEvents(swarm: string, events: readonly Bytes[]): Bytes {
  const parts = events.flatMap((event, index) => (index === 0 ? [event] : [utf8(","), event]));
  return concat(utf8('{"events":['), ...parts, utf8(`],"kind":"events","swarm":"${swarm}"}`));
}

/** A frame of good form. Signed things in it are not checked. `unknown_type` for another kind, `refused` for another swarm. */
export function readFrame(data: Bytes, swarm: string): Frame {
  const value = parse(data, LIMIT);
  const { kind } = schema.matches<{ kind: string }>(kinded, value, "frame");
  if (!Object.hasOwn(FORMS, kind)) throw new ProtocolError("unknown_type", "kind");
  const found = schema.matches<Frame>(FORMS[kind as Kind], value, kind);
  if (found.swarm !== swarm) throw new ProtocolError("refused", "swarm");
  return found;
}
