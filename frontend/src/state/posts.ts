/** Writing and changing one's own posts. */
import { addPost, changePost, getPost, previewPost } from "../api/posts.ts";
import type { PostFields, Sending, WrittenPost } from "../api/types.ts";
import { type SafeNode, safeBody } from "./body.ts";
import { ownPosts, versions } from "./recent.ts";
import { refreshShown, showLatest } from "./timeline.ts";

/** The text of an own post as it was written. */
export function readPost(id: number): Promise<WrittenPost> {
  return getPost(id);
}

/** How a Markdown text will look. */
export async function preview(source: string): Promise<SafeNode[]> {
  return safeBody(await previewPost(source));
}

function tidy(fields: PostFields & Sending): PostFields & Sending {
  return { ...fields, title: fields.title?.trim() || null, source: fields.source.trim() };
}

/** Publishes, then shows the post at the top of the porch. */
export async function publish(fields: PostFields & Sending): Promise<void> {
  await addPost(tidy(fields));
  await showLatest();
}

export async function change(id: number, fields: PostFields & Sending): Promise<void> {
  await changePost(id, tidy(fields));
  if (ownPosts.data.value) void ownPosts.load();
  if (versions.of(String(id)).data.value) void versions.of(String(id)).load();
  await refreshShown();
}

/** Lets everybody read what a post said before, or nobody. */
export async function openHistory(id: number, open: boolean): Promise<void> {
  const changed = await changePost(id, { open_history: open });
  ownPosts.put((ownPosts.data.value ?? []).map((one) => (one.id === id ? changed : one)));
}
