/**
 * A small checker for closed objects (SPEC 2.5).
 *
 * A check takes a value and its path and throws `schema`, `encoding`, `unsupported_version` or `unsupported_suite`. The order is fixed, so that
 * both implementations name the same error: an object's kind, its `v`, its `suite`, its set of members, then the members in the order of their names.
 */

import { utf8 } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { LARGEST } from "./scanner.ts";

export type Check = (value: unknown, path: string) => void;
/** A JSON object before or after its check. */
export type Members = Readonly<Record<string, unknown>>;

export const VERSION = 1;
export const SUITE = "PL1";

const LAST = ["", "[AQgw]", "[AEIMQUYcgkosw048]"] as const;
const BLOB = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/;

export function schemaError(path: string): ProtocolError {
  return new ProtocolError("schema", path);
}

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with exactly these members. */
export function closed(members: Readonly<Record<string, Check>>): Check {
  return checked(members, true);
}

/** An object with at least these members; others are ignored. */
export function opened(members: Readonly<Record<string, Check>>): Check {
  return checked(members, false);
}

function checked(members: Readonly<Record<string, Check>>, closedSet: boolean): Check {
  const names = Object.keys(members).sort();
  const first = ["v", "suite"].filter((name) => Object.hasOwn(members, name));
  const run = (value: Members, name: string): void => members[name]?.(value[name], name);
  return (value, path) => {
    if (!isMembers(value)) throw schemaError(path);
    for (const name of first) if (Object.hasOwn(value, name)) run(value, name);
    const complete = names.every((name) => Object.hasOwn(value, name));
    if (!complete || (closedSet && Object.keys(value).length !== names.length)) throw schemaError(path);
    for (const name of names) run(value, name);
  };
}

export const version: Check = (value, path) => {
  if (!Number.isInteger(value)) throw schemaError(path);
  if (value !== VERSION) throw new ProtocolError("unsupported_version", path);
};

export function suite(name: string = SUITE): Check {
  return (value, path) => {
    if (typeof value !== "string") throw schemaError(path);
    if (value !== name) throw new ProtocolError("unsupported_suite", path);
  };
}

export function integer(low = 0, high = LARGEST): Check {
  return (value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
      throw schemaError(path);
    }
  };
}

export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") throw schemaError(path);
};

/** Text of `low` to `high` bytes of UTF-8. */
export function text(low: number, high: number): Check {
  return (value, path) => {
    if (typeof value !== "string") throw schemaError(path);
    const length = utf8(value).length;
    if (length < low || length > high) throw schemaError(path);
  };
}

/** Text of at most `high` characters (code points). */
export function label(high = 64): Check {
  return (value, path) => {
    if (typeof value !== "string" || [...value].length > high) throw schemaError(path);
  };
}

/** Text that the regular expression, which is anchored, matches. */
export function matching(pattern: RegExp): Check {
  return (value, path) => {
    if (typeof value !== "string" || !pattern.test(value)) throw schemaError(path);
  };
}

export function oneOf(...values: readonly (string | number | boolean)[]): Check {
  return (value, path) => {
    if (!values.some((each) => each === value)) throw schemaError(path);
  };
}

/** Base64url of exactly `length` bytes. */
export function binary(length: number): Check {
  const count = Math.ceil((length * 4) / 3) - (length % 3 === 0 ? 0 : 1);
  const whole = new RegExp(`^[A-Za-z0-9_-]{${count}}${LAST[length % 3]}$`);
  return (value, path) => {
    if (typeof value !== "string") throw schemaError(path);
    if (!whole.test(value)) throw new ProtocolError("encoding", path);
  };
}

/** Base64url of any length. */
export const blob: Check = (value, path) => {
  if (typeof value !== "string") throw schemaError(path);
  if (!BLOB.test(value)) throw new ProtocolError("encoding", path);
};

export const key = binary(32);
export const signature = binary(64);
export const nonce = binary(16);
export const time = integer();

/** Null. */
export const nothing: Check = (value, path) => {
  if (value !== null) throw schemaError(path);
};

export function nullable(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path);
  };
}

/** A list of `low` to `high` items. */
export function listing(item: Check, low: number, high: number): Check {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < low || value.length > high) throw schemaError(path);
    for (const each of value) item(each, path);
  };
}

/** A list of `low` to `high` ids, ascending, each once. */
export function sortedIds(low: number, high: number): Check {
  const ids = listing(key, low, high);
  return (value, path) => {
    ids(value, path);
    if (!ascending(value as string[])) throw schemaError(path);
  };
}

/** Whether they are sorted, each once. */
export function ascending(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || (ids[index - 1] ?? "") < id);
}

/** An object of `low` to `high` members, names and values checked in the order of the names. */
export function mapping(name: Check, member: Check, low: number, high: number): Check {
  return (value, path) => {
    if (!isMembers(value)) throw schemaError(path);
    const names = Object.keys(value).sort();
    if (names.length < low || names.length > high) throw schemaError(path);
    for (const each of names) {
      name(each, path);
      member(value[each], path);
    }
  };
}

/** `value`, checked, as the type that the check stands for. */
export function matches<T>(check: Check, value: unknown, path = ""): T {
  check(value, path);
  return value as T;
}
