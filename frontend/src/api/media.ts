/** One's own files at the site. */
import { client, take } from "./client.ts";
import { ApiError, fromAnswer } from "./errors.ts";
import type { MediaUsage, OwnMedia, ShownMedia } from "./types.ts";

export async function getMedia(): Promise<OwnMedia[]> {
  return (await take(client.GET("/api/v1/media"))).media;
}

export function getMedium(uid: string): Promise<OwnMedia> {
  return take(client.GET("/api/v1/media/{uid}", { params: { path: { uid } } }));
}

/** The bytes of the file that everybody who can take only one is given. Throws `offline` and the site's codes. */
export async function readWhole({ uid, whole }: ShownMedia): Promise<ReadableStream<Uint8Array>> {
  const name = whole.url.split("/").pop() ?? "";
  const answer = await fetch(`/api/v1/media/${uid}/files/${name}`).catch(() => {
    throw new ApiError("offline");
  });
  if (!answer.ok || !answer.body) throw fromAnswer(answer.status, await answer.json().catch(() => null));
  return answer.body;
}

export async function deleteMedium(uid: string): Promise<void> {
  await take(client.DELETE("/api/v1/media/{uid}", { params: { path: { uid } } }));
}

export function getUsage(): Promise<MediaUsage> {
  return take(client.GET("/api/v1/media/usage"));
}
