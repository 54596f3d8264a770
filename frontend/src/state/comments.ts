/** Comments below the items of the porch, and those of strangers that wait for the member's word. */
import { computed } from "@preact/signals";
import { addComment, approveComment, getComments, getWaitingComments, refuseComment } from "../api/posts.ts";
import type { Comment, TimelineItem, WaitingComment } from "../api/types.ts";
import { signComment } from "./identity.ts";
import { resource, resources } from "./resource.ts";
import { me, onLogout } from "./session.ts";

const threads = resources<Comment[]>(getComments);

/** The comments of a timeline item, by its id. */
export function commentsOf(item: string) {
  return threads.of(item);
}

/** Fetches anew the comments that are on the screen somewhere. */
export function refreshThreads(): void {
  for (const thread of threads.all()) if (thread.data.value) void thread.load();
}

/**
 * Signs a comment with this device and gives it to the own site, which delivers it to the author's. Returns it as it
 * stands then, mostly `sending`. Errors: those of the API, `no_keys`.
 */
export async function comment(item: TimelineItem, text: string): Promise<Comment | undefined> {
  const who = me.value;
  const name = who?.profile.name || who?.username || "";
  const signed = await signComment({ post: item.url, name, text: text.trim() });
  const list = await addComment(item.id, signed);
  threads.of(item.id).put(list);
  return list.filter((one) => one.own).at(-1);
}

export const waitingComments = resource<WaitingComment[]>(getWaitingComments);
export const waitingCount = computed(() => waitingComments.data.value?.length ?? 0);

function settled(id: number): void {
  waitingComments.put((waitingComments.data.value ?? []).filter((one) => one.id !== id));
  refreshThreads();
}

export async function approve(id: number): Promise<void> {
  await approveComment(id);
  settled(id);
}

export async function refuse(id: number): Promise<void> {
  await refuseComment(id);
  settled(id);
}

onLogout(() => {
  threads.forget();
  waitingComments.forget();
});
