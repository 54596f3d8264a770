/** Comments below the items of the porch, and those of strangers that wait for the member's word. */
import { computed } from "@preact/signals";
import {
  addComment,
  approveComment,
  changeComment,
  getComments,
  getReplies,
  getWaiting,
  hideMention,
  putReplies,
  refuseComment,
  showMention,
} from "../api/posts.ts";
import type { Comment, Replies, TimelineItem, Waiting } from "../api/types.ts";
import { signComment, signCommentChange } from "./identity.ts";
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

/**
 * Changes an own comment, or takes it back where `text` is null. The change is signed by this device. Errors: those of the
 * API, `no_keys`.
 */
export async function changeOwn(item: TimelineItem, own: Comment, text: string | null): Promise<void> {
  const who = me.value;
  const name = who?.profile.name || who?.username || "";
  const { ref, number, time } = own;
  const change = { comment: ref, name, number: number + 1, post: item.url, text, written: time };
  threads.of(item.id).put(await changeComment(item.id, await signCommentChange(change)));
}

/** Takes down somebody's comment under an own post. */
export async function takeDown(item: TimelineItem, comment: Comment): Promise<void> {
  await refuseComment(Number(comment.id));
  await threads.of(item.id).load();
}

const policies = resources<Replies>((post) => getReplies(Number(post)));

/** Who may comment on an own post. */
export function repliesOf(post: number) {
  return policies.of(String(post));
}

export async function chooseReplies(post: number, replies: Replies): Promise<void> {
  repliesOf(post).put(await putReplies(post, replies));
}

export const waiting = resource<Waiting>(getWaiting);
export const waitingCount = computed(() => {
  const now = waiting.data.value;
  return now ? now.comments.length + now.mentions.length : 0;
});

function without(list: "comments" | "mentions", id: number): void {
  const now = waiting.data.value;
  if (now) waiting.put({ ...now, [list]: now[list].filter((one) => one.id !== id) });
  refreshThreads();
}

export async function approve(id: number): Promise<void> {
  await approveComment(id);
  without("comments", id);
}

export async function refuse(id: number): Promise<void> {
  await refuseComment(id);
  without("comments", id);
}

export async function approveMention(id: number): Promise<void> {
  await showMention(id);
  without("mentions", id);
}

export async function refuseMention(id: number): Promise<void> {
  await hideMention(id);
  without("mentions", id);
}

onLogout(() => {
  threads.forget();
  policies.forget();
  waiting.forget();
});
