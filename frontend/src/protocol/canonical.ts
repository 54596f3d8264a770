/**
 * Canonical JSON, tags and ids (SPEC 2.1 to 2.3).
 *
 * `canonical` writes and `parse` reads exactly the profile: RFC 8785 with integers within 53 bits, at most 16 deep, no duplicate member, no lone
 * surrogate. What is received must be spelled canonically: the engine's own JSON reader serves where writing its answer gives the same text back,
 * which no duplicate, fraction, surrogate or other spelling survives; every refusal comes from the strict scanner.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./encoding.ts";
import { b64encode, concat, fromUtf8, utf8 } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import type { Json } from "./scanner.ts";
import { LARGEST, MAX_DEPTH, scan } from "./scanner.ts";

export type { Json } from "./scanner.ts";

export const LIMIT = 65_536;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** The canonical bytes. `json_number`, `json_depth` or `json_surrogate` where the profile forbids the value; TypeError for what is not JSON. */
export function canonical(value: unknown): Bytes {
  return utf8(write(value, MAX_DEPTH));
}

/** What canonical bytes mean; a `json_*` error for anything else. `limit` is in bytes. */
export function parse(data: Uint8Array, limit = LIMIT): Json {
  if (data.length > limit) throw new ProtocolError("json_too_large");
  return quickly(data) ?? strictly(data);
}

function quickly(data: Uint8Array): Json | undefined {
  try {
    const text = fromUtf8(data);
    const value: Json = JSON.parse(text);
    return value !== null && write(value, MAX_DEPTH) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function strictly(data: Uint8Array): Json {
  const value = scan(data);
  if (write(value, MAX_DEPTH) !== fromUtf8(data)) throw new ProtocolError("json_not_canonical");
  return value;
}

function write(value: unknown, depth: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return integer(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object") throw new TypeError(`${typeof value} is not JSON`);
  if (depth === 0) throw new ProtocolError("json_depth");
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth - 1)).join(",")}]`;
  const names = Object.keys(value).sort();
  const members = names.map(
    (name) => `${quoted(name)}:${write((value as Record<string, unknown>)[name], depth - 1)}`,
  );
  return `{${members.join(",")}}`;
}

function quoted(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new ProtocolError("json_surrogate");
  return JSON.stringify(text);
}

function integer(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > LARGEST || Object.is(value, -0)) {
    throw new ProtocolError("json_number");
  }
  return String(value);
}

/** The domain separation before everything hashed or signed as a `what`. */
export function tag(what: string): Bytes {
  return utf8(`porchlight/${what}/1\0`);
}

/** The id of bytes that are the canonical form of a `what`. */
export function hashBytes(what: string, data: Uint8Array): string {
  return b64encode(sha256(concat(tag(what), data)));
}

/** The id of an object of kind `what`: 43 characters. */
export function objectId(what: string, value: unknown): string {
  return hashBytes(what, canonical(value));
}
