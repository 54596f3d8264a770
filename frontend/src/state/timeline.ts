/**
 * The porch: posts of the people one follows and one's own, newest first. New ones never push what is being read: they
 * wait in `fresh` until asked for.
 */
import { computed, signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/errors.ts";
import { deletePost, getTimeline } from "../api/posts.ts";
import type { TimelineItem, TimelinePage } from "../api/types.ts";
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

/** Looks for new posts without showing them. Failures stay quiet: the list still says from when it is. */
export async function lookForNew(): Promise<void> {
  if (first.data.value === undefined) return first.load();
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
  if (gap) {
    older.value = [];
    cursor.value = undefined;
    first.put(page);
  } else {
    if (cursor.value === undefined) cursor.value = known.next;
    first.put({ items: merged(page.items, known.items), next: known.next });
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

function without(id: string): void {
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

export async function removePost(item: TimelineItem): Promise<void> {
  if (item.post === null) return;
  await deletePost(item.post);
  without(item.id);
}

onLogout(() => {
  first.forget();
  latest.value = null;
  older.value = [];
  cursor.value = undefined;
});
