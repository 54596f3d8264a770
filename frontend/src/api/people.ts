/** Looking somebody up, and whom the member follows. */
import { client, take } from "./client.ts";
import type { Company, Follow, FollowChange, FollowPreview, OpmlReport, Person } from "./types.ts";

/** `address` is `@name@host` or the URL of a page or feed. Errors: `address`, `unreachable`, `not_found`. */
export function lookUp(address: string): Promise<Person> {
  return take(client.GET("/api/v1/people/lookup", { params: { query: { address } } }));
}

/** Who lives on this site and who is here now. */
export function getCompany(): Promise<Company> {
  return take(client.GET("/api/v1/people"));
}

export async function showLight(shown: boolean): Promise<void> {
  await take(client.PUT("/api/v1/me/light", { body: { shown } }));
}

export async function getFollows(): Promise<Follow[]> {
  return (await take(client.GET("/api/v1/follows"))).follows;
}

export function follow(address: string): Promise<Follow> {
  return take(client.POST("/api/v1/follows", { body: { address } }));
}

/** What following it would bring; nothing changes. Errors: `not_a_feed`, `not_found`, `unreachable`. */
export function lookAtFeed(address: string): Promise<FollowPreview> {
  return take(client.POST("/api/v1/follows/look", { body: { address } }));
}

/** Calls it something else (an empty title: its own name again), or keeps it out of the timeline. */
export function changeFollow(id: number, change: FollowChange): Promise<Follow> {
  return take(client.PATCH("/api/v1/follows/{id}", { params: { path: { id } }, body: change }));
}

/** Where the browser fetches the list of what one follows. */
export const OPML_PATH = "/api/v1/follows/opml";

/** Follows what a list names; its feeds are looked at in the minutes that follow. Errors: `not_opml`, `too_many`. */
export function importOpml(opml: string): Promise<OpmlReport> {
  return take(client.POST(OPML_PATH, { body: { opml } }));
}

export async function unfollow(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/follows/{id}", { params: { path: { id } } }));
}
