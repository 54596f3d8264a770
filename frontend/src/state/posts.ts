/** Writing and changing one's own posts. */
import { addPost, changePost, getPost, previewPost } from "../api/posts.ts";
import type { PostFields } from "../api/types.ts";
import { type SafeNode, safeBody } from "./body.ts";
import { refreshShown, showLatest } from "./timeline.ts";

/** The text of an own post as it was written. */
export function readPost(id: number): Promise<PostFields> {
  return getPost(id);
}

/** How a Markdown text will look. */
export async function preview(source: string): Promise<SafeNode[]> {
  return safeBody(await previewPost(source));
}

function tidy(fields: PostFields): PostFields {
  return { title: fields.title?.trim() || null, source: fields.source.trim() };
}

/** Publishes, then shows the post at the top of the porch. */
export async function publish(fields: PostFields): Promise<void> {
  await addPost(tidy(fields));
  await showLatest();
}

export async function change(id: number, fields: PostFields): Promise<void> {
  await changePost(id, tidy(fields));
  await refreshShown();
}
