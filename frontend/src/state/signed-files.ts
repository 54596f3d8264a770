/**
 * What a device signs of a post's pictures and files (SPEC 8.5). The site says what their bytes hash to; this browser reads
 * them back and sees for itself, and where a file is kept as it came, that it is the one which was sent.
 */
import { ApiError } from "../api/errors.ts";
import { getMedium, readWhole } from "../api/media.ts";
import type { Attached } from "./attachments.ts";
import { onLogout } from "./session.ts";
import type { PostAttachment } from "./views.ts";

type Bytes = Omit<PostAttachment, "alt">;

const seen = new Map<string, Promise<Bytes>>();

/** What a post shows, as it is signed. Throws `media_changed` where the site's bytes are others than it says. */
export function attachmentsOf(shows: readonly Attached[]): Promise<PostAttachment[]> {
  return Promise.all(shows.map(async ({ uid, alt }) => ({ ...(await seenBytes(uid)), alt: alt.trim() })));
}

/** The bytes that the site keeps of an own file, looked at once; `sent` is what was sent. Throws `media_changed`. */
export function seenBytes(uid: string, sent: Blob | null = null): Promise<Bytes> {
  const looking = seen.get(uid) ?? look(uid, sent);
  seen.set(uid, looking);
  looking.catch(() => seen.delete(uid));
  return looking;
}

async function look(uid: string, sent: Blob | null): Promise<Bytes> {
  const { shown } = await getMedium(uid);
  if (!shown) throw new ApiError("media_working");
  const { hash, type, size } = shown.whole;
  const found = await hashed(await readWhole(shown));
  const isKeptAsItCame = sent !== null && shown.kind !== "image";
  if (found !== hash || (isKeptAsItCame && found !== (await hashed(sent.stream())))) {
    throw new ApiError("media_changed");
  }
  return { hash, type, size };
}

async function hashed(bytes: ReadableStream<Uint8Array>): Promise<string> {
  const { fileHash } = await import("../protocol/posts.ts");
  return fileHash(pieces(bytes.getReader()));
}

async function* pieces(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

onLogout(() => seen.clear());
