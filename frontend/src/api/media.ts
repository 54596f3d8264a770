/** One's own files at the site. */
import { client, take } from "./client.ts";
import type { MediaUsage, OwnMedia } from "./types.ts";

export async function getMedia(): Promise<OwnMedia[]> {
  return (await take(client.GET("/api/v1/media"))).media;
}

export function getMedium(uid: string): Promise<OwnMedia> {
  return take(client.GET("/api/v1/media/{uid}", { params: { path: { uid } } }));
}

export async function deleteMedium(uid: string): Promise<void> {
  await take(client.DELETE("/api/v1/media/{uid}", { params: { path: { uid } } }));
}

export function getUsage(): Promise<MediaUsage> {
  return take(client.GET("/api/v1/media/usage"));
}
