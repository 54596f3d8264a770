/**
 * The porch: posts of the people one follows and one's own, newest first. New ones never push what is being read: they
 * wait in `fresh` until asked for.
 */
import { computed, signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/errors.ts";
import { getTimeline, putRead } from "../api/posts.ts";
import type { TimelineItem, TimelinePage } from "../api/types.ts";
import { isAbove } from "./places.ts";
import { resource, type Shown } from "./resource.ts";
import { onLogout } from "./session.ts";

const first = resource<TimelinePage>(() => getTimeline(null));
const latest = signal<TimelinePage | null>(null);
const older = signal<readonly TimelineItem[]>([]);
const cursor = signal<string | null | undefined>(undefined);

export const loadingOlder = signal(false);
export const olderFault = signal<ApiError | null>(null);

function merged(...lists: readonly (readonly TimelineItem[])[]): TimelineItem[] {
  return [...new Map(lists.flat().map((item) => [item.id, item] as const)).values()];
}

export const timeline: Shown<TimelineItem[]> = {
  ...first,
  data: computed(() => (first.data.value ? merged(first.data.value.items, older.value) : undefined)),
  /** The first time it fetches; later it only looks for new ones, which wait in `fresh`. */
  load: () => lookForNew(),
};

/** The cursor of what comes after the last shown item; null when that was all. */
const next = computed(() => (cursor.value === undefined ? (first.data.value?.next ?? null) : cursor.value));
export const hasOlder = computed(() => next.value !== null);

/** Posts that arrived since the list was last shown. `more` says that there are further ones behind them. */
export const fresh = computed(() => {
  const shown = new Set((timeline.data.value ?? []).map((item) => item.id));
  const items = (latest.value?.items ?? []).filter((item) => !shown.has(item.id));
  return { count: items.length, more: items.length > 0 && items.length === latest.value?.items.length };
});

/** How far one had read when the list was last shown: above it is unread. Undefined before the first load. */
const readBefore = signal<string | null | undefined>(undefined);

/** The first shown item below the unread line; null where there is nothing unread, or nothing read, to part. */
export const unreadLine = computed(() => {
  const before = readBefore.value;
  const items = timeline.data.value ?? [];
  if (!before) return null;
  const place = items.findIndex((item) => !isAbove(item.cursor, before));
  return place > 0 ? (items[place]?.id ?? null) : null;
});

/** The newest shown item was seen: all browsers of the member go on from there. */
export async function markSeen(): Promise<void> {
  const newest = timeline.data.value?.[0]?.cursor;
  if (newest === undefined || newest === sent || (known && !isAbove(newest, known))) return;
  sent = newest;
  try {
    known = await putRead(newest);
  } catch {
    sent = null;
  }
}

let known: string | null = null;
let sent: string | null = null;

async function loadFirst(): Promise<void> {
  await first.load();
  const page = first.data.value;
  if (!page || readBefore.value !== undefined) return;
  known = page.read;
  readBefore.value = page.read;
}

/** Looks for new posts without showing them. Failures stay quiet: the list still says from when it is. */
export async function lookForNew(): Promise<void> {
  if (first.data.value === undefined) return loadFirst();
  try {
    latest.value = await getTimeline(null);
  } catch {
    // what is shown stays; the next look may do better
  }
}

export function showNew(): void {
  const page = latest.value;
  const known = first.data.value;
  if (!page || !known) return;
  const gap = fresh.value.more;
  readBefore.value = known.items[0]?.cursor ?? readBefore.value;
  if (gap) {
    older.value = [];
    cursor.value = undefined;
    first.put(page);
  } else {
    if (cursor.value === undefined) cursor.value = known.next;
    first.put({ ...known, items: merged(page.items, known.items) });
  }
  latest.value = null;
}

export async function showLatest(): Promise<void> {
  await lookForNew();
  showNew();
}

export async function loadOlder(): Promise<void> {
  const before = next.value;
  if (before === null || loadingOlder.value) return;
  loadingOlder.value = true;
  olderFault.value = null;
  try {
    const page = await getTimeline(before);
    older.value = [...older.value, ...page.items];
    cursor.value = page.next;
  } catch (thrown) {
    olderFault.value = asApiError(thrown);
  } finally {
    loadingOlder.value = false;
  }
}

/** Takes an item off the list. */
export function hide(id: string): void {
  older.value = older.value.filter((item) => item.id !== id);
  const known = first.data.value;
  if (known) first.put({ ...known, items: known.items.filter((item) => item.id !== id) });
}

/** Puts changed items in the place of the old ones of the same id. */
export async function refreshShown(): Promise<void> {
  const page = await getTimeline(null).catch(() => null);
  const known = first.data.value;
  if (!page || !known) return;
  const changed = new Map(page.items.map((item) => [item.id, item]));
  first.put({ ...known, items: known.items.map((item) => changed.get(item.id) ?? item) });
  latest.value = page;
}

/** Puts one changed item in its place. */
export function changeShown(item: TimelineItem): void {
  const known = first.data.value;
  const changed = (one: TimelineItem) => (one.id === item.id ? item : one);
  older.value = older.value.map(changed);
  if (known) first.put({ ...known, items: known.items.map(changed) });
}

onLogout(() => {
  first.forget();
  latest.value = null;
  older.value = [];
  cursor.value = undefined;
  readBefore.value = undefined;
  known = null;
  sent = null;
});
