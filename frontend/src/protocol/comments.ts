/** A comment on a post and its author's later changes of it, signed by a device of theirs (SPEC 8.3). */

import type { Address, AddressWire } from "./addresses.ts";
import { accountAddressForm } from "./addresses.ts";
import { objectId } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames, verifyCertificate } from "./certificates.ts";
import { b64encode } from "./encoding.ts";
import { sign, verify } from "./keys.ts";
import type { Random, SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const TEXT_BYTES = 8_192;

const commentForm = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  author: accountAddressForm,
  device: schema.key,
  id: schema.nonce,
  name: schema.label(),
  post: schema.text(1, 2_048),
  text: schema.text(1, TEXT_BYTES),
  time: schema.time,
  sig: schema.signature,
});
const changeForm = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  author: accountAddressForm,
  comment: schema.key,
  device: schema.key,
  name: schema.label(),
  number: schema.integer(1),
  post: schema.text(1, 2_048),
  text: schema.nullable(schema.text(1, TEXT_BYTES)),
  time: schema.time,
  written: schema.time,
  sig: schema.signature,
});
const postedForm = schema.closed({ comment: commentForm, certificate: schema.opened({}) });
const postedChangeForm = schema.closed({ change: changeForm, certificate: schema.opened({}) });

/** As on the wire. */
export interface Comment {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly author: AddressWire;
  readonly device: string;
  readonly id: string;
  readonly name: string;
  readonly post: string;
  readonly text: string;
  readonly time: number;
  readonly sig: string;
}

export interface CommentDraft {
  readonly account: string;
  readonly author: Address;
  readonly name: string;
  readonly post: string;
  readonly text: string;
}

export async function makeComment(
  draft: CommentDraft,
  device: SignKey,
  now: number,
  random: Random,
): Promise<Comment> {
  const statement = {
    v: VERSION,
    suite: SUITE,
    ...draft,
    author: draft.author.wire(),
    device: device.public,
    id: b64encode(random.bytes(16)),
    time: now,
  };
  return schema.matches<Comment>(commentForm, await sign("comment", statement, device), "comment");
}

/** A comment signed by the certificate's device for the certificate's account. */
export function verifyComment(sodium: Sodium, value: unknown, certificate: Certificate): Comment {
  const found = schema.matches<Comment>(commentForm, value, "comment");
  requireNames(certificate, found.account, found.device);
  verify(sodium, "comment", found, certificate.device);
  return found;
}

/** The body `{comment, certificate}` that an author's site posts. */
export function verifyPostedComment(sodium: Sodium, value: unknown): Comment {
  const found = schema.matches<{ comment: Comment; certificate: unknown }>(postedForm, value, "body");
  return verifyComment(sodium, found.comment, verifyCertificate(sodium, found.certificate));
}

/** What `comment-state` calls it. */
export function commentHash(comment: Comment): string {
  return objectId("comment", comment);
}

/** What a comment says from now on, as on the wire; `text` null for nothing any more. */
export interface CommentChange {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly author: AddressWire;
  /** The id of the comment. */
  readonly comment: string;
  readonly device: string;
  readonly name: string;
  /** Of several changes of a comment the highest counts, then the highest id. */
  readonly number: number;
  readonly post: string;
  readonly text: string | null;
  readonly time: number;
  /** When the comment was made. */
  readonly written: number;
  readonly sig: string;
}

export interface ChangeDraft {
  readonly account: string;
  readonly author: Address;
  readonly comment: string;
  readonly name: string;
  readonly number: number;
  readonly post: string;
  readonly text: string | null;
  readonly written: number;
}

export async function makeCommentChange(
  draft: ChangeDraft,
  device: SignKey,
  now: number,
): Promise<CommentChange> {
  const author = draft.author.wire();
  const statement = { v: VERSION, suite: SUITE, ...draft, author, device: device.public, time: now };
  return schema.matches<CommentChange>(changeForm, await sign("comment-change", statement, device), "change");
}

/** A change signed by the certificate's device for the certificate's account. */
export function verifyCommentChange(sodium: Sodium, value: unknown, certificate: Certificate): CommentChange {
  const found = schema.matches<CommentChange>(changeForm, value, "change");
  requireNames(certificate, found.account, found.device);
  verify(sodium, "comment-change", found, certificate.device);
  return found;
}

/** The body `{change, certificate}` that an author's site posts. */
export function verifyPostedChange(sodium: Sodium, value: unknown): CommentChange {
  const found = schema.matches<{ change: CommentChange; certificate: unknown }>(
    postedChangeForm,
    value,
    "body",
  );
  return verifyCommentChange(sodium, found.change, verifyCertificate(sodium, found.certificate));
}

export function changeHash(change: CommentChange): string {
  return objectId("comment-change", change);
}
