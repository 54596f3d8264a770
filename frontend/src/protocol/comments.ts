/** A comment on a post, signed by its author's device (SPEC 8.3). */

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
const postedForm = schema.closed({ comment: commentForm, certificate: schema.opened({}) });

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
