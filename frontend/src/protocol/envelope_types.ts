/** The registered envelope types and their schemas (SPEC 6.2). */

import { addressForm } from "./addresses.ts";
import { canonical, LIMIT } from "./canonical.ts";
import { MAX_REVOCATIONS } from "./revocations.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";

export type Who = "account" | "site" | "any";

export const SEALED_SUITE = "SE1";
export const LONGEST_LIFE = 2_592_000;
export const REQUEST_LIMIT = 8_192;
export const PAYLOAD_LIMIT = 32_768;
export const MAX_WRAPS = 32;
export const MAX_ACKS = 500;
export const TOPICS = [
  "timeline",
  "comments",
  "devices",
  "vaults",
  "prekeys",
  "moderation",
  "people",
] as const;
export const COMMENT_STATES = ["pending", "shown", "refused", "removed"] as const;
export const PAIR_STEPS = ["open", "commit", "reveal", "certificate", "done", "abort"] as const;

export type Topic = (typeof TOPICS)[number];
export type PairStep = (typeof PAIR_STEPS)[number];

export interface TypeInfo {
  /** Kept in mailboxes until acked; the rest is live. */
  readonly mail: boolean;
  /** Who has a username. */
  readonly from: Who;
  readonly to: Who;
  /** The schema of `data`. */
  readonly check: Check;
  /** Bytes of the whole envelope. */
  readonly limit: number;
}

export const se1Box = schema.closed({
  suite: schema.suite(SEALED_SUITE),
  dh: schema.key,
  ephemeral: schema.key,
  prekey: schema.key,
  one_time: schema.nullable(schema.key),
  box: schema.blob,
});

const all = schema.nothing;
const one = schema.key;
const oneOrAll = schema.nullable(schema.key);
const anyObject = schema.opened({});
const username = schema.matching(/^[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?$/);

const payload: Check = (value, path) => {
  anyObject(value, path);
  if (canonical(value).length > PAYLOAD_LIMIT) throw schema.schemaError(path);
};

function data(toDevice: Check, members: Readonly<Record<string, Check>>): Check {
  return schema.closed({
    v: schema.version,
    id: schema.nonce,
    time: schema.time,
    ttl: schema.integer(0, LONGEST_LIFE),
    from_device: schema.key,
    to_device: toDevice,
    sig: schema.signature,
    ...members,
  });
}

function type(mail: boolean, from: Who, to: Who, check: Check, limit = LIMIT): TypeInfo {
  return { mail, from, to, check, limit };
}

const mail = data(all, {
  suite: schema.suite(SEALED_SUITE),
  body: schema.blob,
  wraps: schema.mapping(schema.key, se1Box, 1, MAX_WRAPS),
});
const commentState = data(all, { comment: schema.key, state: schema.oneOf(...COMMENT_STATES) });
const typing = data(one, { suite: schema.suite(SEALED_SUITE), sealed: se1Box });
const pair = data(oneOrAll, { slot: schema.nonce, step: schema.oneOf(...PAIR_STEPS), payload });
const prekeys = data(all, { signed: anyObject, one_time: schema.nullable(anyObject) });
const keys = data(all, { address: addressForm, claim: schema.boolean });
const keysResult = data(one, {
  ref: schema.nonce,
  keys: schema.nullable(anyObject),
  one_time: schema.nullable(schema.mapping(schema.key, schema.nullable(schema.key), 0, 16)),
});
const vouch = data(all, {
  list: anyObject,
  revocations: schema.listing(anyObject, 0, MAX_REVOCATIONS),
  freshness: anyObject,
});
const ack = data(all, { hashes: schema.listing(schema.key, 1, MAX_ACKS) });
const accepted = data(oneOrAll, { ref: schema.nonce });
const changed = data(oneOrAll, { topic: schema.oneOf(...TOPICS) });
const notice = data(oneOrAll, { text: schema.text(1, 2_048) });
const blockState = data(oneOrAll, { until: schema.nullable(schema.time), reason: schema.text(0, 512) });
const watch = data(all, { username });
const hint = data(all, { username, url: schema.text(1, 2_048) });
const error = data(oneOrAll, {
  ref: schema.nullable(schema.nonce),
  code: schema.matching(/^[a-z0-9_]{1,64}$/),
  message: schema.text(0, 1_024),
});

export const TYPES: ReadonlyMap<string, TypeInfo> = new Map([
  ["mail", type(true, "account", "account", mail)],
  ["request", type(true, "account", "account", mail, REQUEST_LIMIT)],
  ["comment-state", type(true, "site", "site", commentState)],
  ["typing", type(false, "account", "account", typing)],
  ["presence", type(false, "account", "account", mail, REQUEST_LIMIT)],
  ["pair", type(false, "any", "any", pair)],
  ["prekeys", type(false, "account", "site", prekeys)],
  ["keys", type(false, "account", "site", keys)],
  ["keys-result", type(false, "site", "account", keysResult)],
  ["vouch", type(false, "account", "site", vouch)],
  ["ack", type(false, "account", "site", ack)],
  ["accepted", type(false, "site", "any", accepted)],
  ["changed", type(false, "site", "account", changed)],
  ["notice", type(false, "site", "account", notice)],
  ["block-state", type(false, "site", "account", blockState)],
  ["watch", type(false, "site", "site", watch)],
  ["hint", type(false, "site", "site", hint)],
  ["error", type(false, "any", "any", error)],
]);
