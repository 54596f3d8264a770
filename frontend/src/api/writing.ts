/** Drafts, pins and earlier versions of one's own posts; what members lift up; search. */
import { client, take } from "./client.ts";
import type { Draft, DraftFields, Found, OwnPost, PostVersion, RecentViews } from "./types.ts";

export async function getDrafts(): Promise<Draft[]> {
  return (await take(client.GET("/api/v1/drafts"))).drafts;
}

export function addDraft(fields: DraftFields): Promise<Draft> {
  return take(client.POST("/api/v1/drafts", { body: fields }));
}

export function changeDraft(id: number, fields: DraftFields): Promise<Draft> {
  return take(client.PUT("/api/v1/drafts/{id}", { params: { path: { id } }, body: fields }));
}

export async function deleteDraft(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/drafts/{id}", { params: { path: { id } } }));
}

export async function getOwnPosts(): Promise<OwnPost[]> {
  return (await take(client.GET("/api/v1/posts"))).posts;
}

export function pinPost(id: number): Promise<OwnPost> {
  return take(client.PUT("/api/v1/posts/{id}/pin", { params: { path: { id } } }));
}

export function unpinPost(id: number): Promise<OwnPost> {
  return take(client.DELETE("/api/v1/posts/{id}/pin", { params: { path: { id } } }));
}

export async function getVersions(id: number): Promise<PostVersion[]> {
  return (await take(client.GET("/api/v1/posts/{id}/versions", { params: { path: { id } } }))).versions;
}

export function getRecent(): Promise<RecentViews> {
  return take(client.GET("/api/v1/recent"));
}

/** `name` is an id of the timeline. */
export async function bumpPost(name: string): Promise<void> {
  await take(client.POST("/api/v1/timeline/{name}/bump", { params: { path: { name } } }));
}

export async function recommendThing(name: string, wanted: boolean): Promise<void> {
  const params = { path: { name } };
  if (wanted) await take(client.PUT("/api/v1/timeline/{name}/recommend", { params }));
  else await take(client.DELETE("/api/v1/timeline/{name}/recommend", { params }));
}

export function searchPosts(q: string, page: number): Promise<Found> {
  return take(client.GET("/api/v1/search", { params: { query: { q, page: String(page) } } }));
}
