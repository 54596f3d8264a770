/** A post as a device of its author signed it, each version and the end of it (SPEC 8.5). */

import { sha256 } from "@noble/hashes/sha2.js";
import { canonical, objectId } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames, verifyCertificate } from "./certificates.ts";
import { b64encode } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, schemaError, VERSION } from "./schema.ts";

export const POST_TEXT_BYTES = 240_000;
const POST_BYTES = 262_144;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,31}\/[a-z0-9][a-z0-9.+-]{0,31}$/;

const words = {
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  id: schema.matching(UUID),
  number: schema.integer(1),
  published: schema.time,
  tags: schema.listing(schema.label(80), 0, 40),
  text: schema.nullable(schema.text(0, POST_TEXT_BYTES)),
  time: schema.time,
  title: schema.label(200),
  sig: schema.signature,
};
const attachment = schema.closed({
  alt: schema.label(1_500),
  hash: schema.key,
  size: schema.integer(1),
  type: schema.matching(MEDIA_TYPE),
});
const ofWords = schema.closed(words);
const ofAll = schema.closed({ ...words, attachments: schema.listing(attachment, 0, 20) });
const postForm: Check = (value, path) => {
  const isOfAll = schema.isMembers(value) && Object.hasOwn(value, "attachments");
  (isOfAll ? ofAll : ofWords)(value, path);
};
const signedForm = schema.closed({ post: postForm, certificate: schema.opened({}) });

/** A picture or file of a post: `hash` is the SHA-256 of the `size` bytes that the feed gives the address of. */
export interface PostAttachment {
  readonly hash: string;
  /** The media type. */
  readonly type: string;
  readonly size: number;
  /** What it shows. */
  readonly alt: string;
}

/** What a version of a post says: `text` in Markdown, null when the post is deleted by it. */
export interface PostDraft {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly text: string | null;
  readonly tags: readonly string[];
  readonly published: number;
  readonly attachments: readonly PostAttachment[];
}

/** As on the wire; without `attachments` it does not speak of them. */
export interface PostStatement extends Omit<PostDraft, "attachments"> {
  readonly attachments?: readonly PostAttachment[];
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly time: number;
  readonly sig: string;
}

export async function makePost(
  account: string,
  device: SignKey,
  draft: PostDraft,
  now: number,
): Promise<PostStatement> {
  const { id, number, title, text, tags, published } = draft;
  const attachments = draft.attachments.map(({ hash, type, size, alt }) => ({ hash, type, size, alt }));
  const said = { id, number, title, text, tags, published, attachments };
  const statement = { v: VERSION, suite: SUITE, account, device: device.public, ...said, time: now };
  return formed(await sign("post", statement, device));
}

function formed(value: unknown): PostStatement {
  const found = schema.matches<PostStatement>(postForm, value, "post");
  if (canonical(found).length > POST_BYTES) throw new ProtocolError("json_too_large", "post");
  return found;
}

/** A version signed by the certificate's device for the certificate's account. `json_too_large` for text that takes too many escapes. */
export function verifyPost(sodium: Sodium, value: unknown, certificate: Certificate): PostStatement {
  const found = formed(value);
  const beside = found.tags.length + (found.attachments?.length ?? 0);
  if (found.text === null && (found.title !== "" || beside > 0)) throw schemaError("post.text");
  requireNames(certificate, found.account, found.device);
  verify(sodium, "post", found, certificate.device);
  return found;
}

/** The object `{post, certificate}` that an author's browser gives to its site. */
export function verifySignedPost(sodium: Sodium, value: unknown): PostStatement {
  const found = schema.matches<{ post: PostStatement; certificate: unknown }>(signedForm, value, "body");
  return verifyPost(sodium, found.post, verifyCertificate(sodium, found.certificate));
}

export function postHash(post: PostStatement): string {
  return objectId("post", post);
}

/** What an attachment is named by: the SHA-256 of its bytes, which may come in pieces. */
export async function fileHash(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = sha256.create();
  for await (const piece of pieces) hash.update(piece);
  return b64encode(hash.digest());
}
