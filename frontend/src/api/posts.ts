/** Writing posts, the timeline, and comments on both sides. */
import { client, take } from "./client.ts";
import type { Comment, Post, PostFields, Replies, Sending, TimelinePage, Waiting } from "./types.ts";

/** The body of a Markdown text as the site would publish it; the reader of it judges it once more. */
export async function previewPost(source: string): Promise<unknown> {
  return (await take(client.POST("/api/v1/posts/preview", { body: { source } }))).body;
}

export function getPost(id: number): Promise<Post> {
  return take(client.GET("/api/v1/posts/{id}", { params: { path: { id } } }));
}

export function addPost(fields: PostFields & Sending): Promise<Post> {
  return take(client.POST("/api/v1/posts", { body: fields }));
}

export function changePost(
  id: number,
  fields: Partial<PostFields> & Pick<Sending, "draft" | "signed"> & { open_history?: boolean },
): Promise<Post> {
  return take(client.PATCH("/api/v1/posts/{id}", { params: { path: { id } }, body: fields }));
}

/** `signed` is the statement of the deletion, null for none. */
export async function deletePost(id: number, signed: unknown): Promise<void> {
  await take(client.POST("/api/v1/posts/{id}/retract", { params: { path: { id } }, body: { signed } }));
}

/** `before` is the cursor that the page above gave, null for the newest. */
export function getTimeline(before: string | null): Promise<TimelinePage> {
  return take(client.GET("/api/v1/timeline", { params: { query: before ? { before } : {} } }));
}

/** Seen up to this cursor; the cursor that holds then, which may be a newer one. */
export async function putRead(cursor: string): Promise<string> {
  return (await take(client.PUT("/api/v1/timeline/read", { body: { cursor } }))).cursor;
}

export async function getComments(item: string): Promise<Comment[]> {
  const params = { path: { name: item } };
  return (await take(client.GET("/api/v1/timeline/{name}/comments", { params }))).comments;
}

/** The comments as they are afterwards. */
export async function addComment(
  item: string,
  signed: { comment: unknown; certificate: unknown },
): Promise<Comment[]> {
  const params = { path: { name: item } };
  return (await take(client.POST("/api/v1/timeline/{name}/comments", { params, body: signed }))).comments;
}

/** Changes an own comment, or takes it back; the comments as they are afterwards. */
export async function changeComment(
  item: string,
  signed: { change: unknown; certificate: unknown },
): Promise<Comment[]> {
  const params = { path: { name: item } };
  const path = "/api/v1/timeline/{name}/comments/changes";
  return (await take(client.POST(path, { params, body: signed }))).comments;
}

/** What waits for one's word: comments of strangers, and pages of the rest of the web that mention a post. */
export function getWaiting(): Promise<Waiting> {
  return take(client.GET("/api/v1/comments/pending"));
}

export async function showMention(id: number): Promise<void> {
  await take(client.POST("/api/v1/mentions/{id}/show", { params: { path: { id } } }));
}

export async function hideMention(id: number): Promise<void> {
  await take(client.POST("/api/v1/mentions/{id}/hide", { params: { path: { id } } }));
}

/** Who may comment on an own post. */
export async function getReplies(id: number): Promise<Replies> {
  return (await take(client.GET("/api/v1/posts/{id}/replies", { params: { path: { id } } }))).replies;
}

export async function putReplies(id: number, replies: Replies): Promise<Replies> {
  const params = { path: { id } };
  return (await take(client.PUT("/api/v1/posts/{id}/replies", { params, body: { replies } }))).replies;
}

export async function approveComment(id: number): Promise<void> {
  await take(client.POST("/api/v1/comments/{id}/approve", { params: { path: { id } } }));
}

export async function refuseComment(id: number): Promise<void> {
  await take(client.POST("/api/v1/comments/{id}/refuse", { params: { path: { id } } }));
}
