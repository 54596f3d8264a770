/** Writing and changing one's own posts. */
import { addPost, changePost, deletePost, getPost, previewPost } from "../api/posts.ts";
import type { OwnPost, PostFields, Sending, TimelineItem, WrittenPost } from "../api/types.ts";
import { type SafeNode, safeBody } from "./body.ts";
import { identity, keepPost, signPost } from "./identity.ts";
import { ownPosts, versions } from "./recent.ts";
import { attachmentsOf } from "./signed-files.ts";
import { hide, refreshShown, showLatest } from "./timeline.ts";
import type { PostDraft, SignedPost } from "./views.ts";

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

type Version = Pick<PostDraft, "id" | "number" | "published">;

/** The version with these words, signed by this device; null in a browser without keys. */
async function signed({ id, number, published }: Version, fields: PostFields | null) {
  if (identity.value.status !== "ready") return null;
  const { title, source: text, tags } = fields ?? { title: "", source: null, tags: [] };
  const attachments = await attachmentsOf(fields?.shows ?? []);
  return signPost({ id, number, published, title: title ?? "", text, tags, attachments });
}

/** The post is out whether or not the vaults can be told of it. */
async function kept(statement: SignedPost | null): Promise<void> {
  if (statement !== null) await keepPost(statement).catch(() => undefined);
}

function versionAfter(post: OwnPost): Version {
  return { id: post.uid.replace("urn:uuid:", ""), number: post.version + 1, published: post.published };
}

/** Publishes, then shows the post at the top of the porch. */
export async function publish(fields: PostFields & Sending): Promise<void> {
  const written = tidy(fields);
  const uid = written.uid ?? crypto.randomUUID();
  const statement = await signed({ id: uid, number: 1, published: Date.now() }, written);
  await addPost({ ...written, uid, signed: statement });
  await kept(statement);
  await showLatest();
}

export async function change(id: number, fields: PostFields & Sending): Promise<void> {
  const written = tidy(fields);
  const before = await getPost(id);
  const shows = written.shows ?? before.shows.map(({ media, alt }) => ({ uid: media.uid, alt }));
  const statement = await signed(versionAfter(before), { ...written, shows });
  await changePost(id, { ...written, signed: statement });
  await kept(statement);
  if (ownPosts.data.value) void ownPosts.load();
  if (versions.of(String(id)).data.value) void versions.of(String(id)).load();
  await refreshShown();
}

/** Deletes an own post, and signs that. */
export async function remove(item: TimelineItem): Promise<void> {
  if (item.post === null) return;
  const statement = await signed(versionAfter(await getPost(item.post)), null);
  await deletePost(item.post, statement);
  await kept(statement);
  hide(item.id);
}

/** Lets everybody read what a post said before, or nobody. */
export async function openHistory(id: number, open: boolean): Promise<void> {
  const changed = await changePost(id, { open_history: open });
  ownPosts.put((ownPosts.data.value ?? []).map((one) => (one.id === id ? changed : one)));
}
