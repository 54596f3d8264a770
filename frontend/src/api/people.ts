/** Looking somebody up, and whom the member follows. */
import { client, take } from "./client.ts";
import type { Follow, Person } from "./types.ts";

/** `address` is `@name@host` or the URL of a page or feed. Errors: `address`, `unreachable`, `not_found`. */
export function lookUp(address: string): Promise<Person> {
  return take(client.GET("/api/v1/people/lookup", { params: { query: { address } } }));
}

export async function getFollows(): Promise<Follow[]> {
  return (await take(client.GET("/api/v1/follows"))).follows;
}

export function follow(address: string): Promise<Follow> {
  return take(client.POST("/api/v1/follows", { body: { address } }));
}

export async function unfollow(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/follows/{id}", { params: { path: { id } } }));
}
