/** One's own comments on other sites. */
import { client, take } from "./client.ts";
import type { SentComment } from "./types.ts";

export async function getSent(): Promise<SentComment[]> {
  return (await take(client.GET("/api/v1/comments/sent"))).comments;
}

/** The site delivers the signed change; what is left is answered. */
export async function takeBack(signed: { change: unknown; certificate: unknown }): Promise<SentComment[]> {
  return (await take(client.POST("/api/v1/comments/sent/changes", { body: signed }))).comments;
}
