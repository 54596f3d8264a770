/** A post as a device of its author signed it, each version and the end of it (SPEC 8.5). */

import { canonical, objectId } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames, verifyCertificate } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { SUITE, schemaError, VERSION } from "./schema.ts";

export const POST_TEXT_BYTES = 240_000;
const POST_BYTES = 262_144;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const postForm = schema.closed({
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
});
const signedForm = schema.closed({ post: postForm, certificate: schema.opened({}) });

/** What a version of a post says: `text` in Markdown, null when the post is deleted by it. */
export interface PostDraft {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly text: string | null;
  readonly tags: readonly string[];
  readonly published: number;
}

/** As on the wire. */
export interface PostStatement extends PostDraft {
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
  const said = { id, number, title, text, tags, published };
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
  if (found.text === null && (found.title !== "" || found.tags.length > 0)) throw schemaError("post.text");
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
