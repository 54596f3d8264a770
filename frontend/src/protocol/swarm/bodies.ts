/**
 * The forms of event bodies and which types are control (SPEC 7.2, 7.3).
 *
 * A later kind of control event is registered here with its form and in `rules` with its legality and effect.
 */

import { checkCertificate } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import type { Check, Members } from "../schema.ts";
import * as schema from "../schema.ts";

export const CONTROL: ReadonlySet<string> = new Set([
  "initial",
  "member",
  "vote",
  "device",
  "update-profile",
  "merge",
]);
export const LAST_MODE = 3;
export const TEXT_BYTES = 16_384;

export const checkType = schema.matching(/^[a-z][a-z0-9-]{0,31}$/);
export const anyBody = schema.opened({});
const acted = schema.opened({ action: checkType });

const integer = schema.integer();
const mode: Check = (value, path) => {
  integer(value, path);
  if ((value as number) > LAST_MODE) throw new ProtocolError("unknown_mode", path);
};

const initialForm = schema.closed({
  mode,
  nonce: schema.nonce,
  peer: schema.nullable(schema.key),
  certificate: checkCertificate,
  revocations: schema.listing(schema.nothing, 0, 0),
});

const initial: Check = (value, path) => {
  const body = schema.matches<Members>(initialForm, value, path);
  if ((body.mode === 0) !== (body.peer !== null)) throw schema.schemaError("peer");
};

/** Keyed by kind: the type, and after a dot the action where a type has actions. */
const FORMS: ReadonlyMap<string, Check> = new Map([
  ["initial", initial],
  ["member.join", schema.closed({ action: schema.oneOf("join"), certificate: checkCertificate })],
  ["device", schema.closed({ certificate: checkCertificate })],
  ["merge", schema.closed({})],
  ["text", schema.closed({ text: schema.text(1, TEXT_BYTES), reply_to: schema.nullable(schema.key) })],
]);
const ACTED: ReadonlySet<string> = new Set(["member"]);

/** `type`, or `type.action` for a type that has actions. */
export function kindOf(type: string, body: unknown): string {
  if (!ACTED.has(type)) return type;
  return `${type}.${schema.matches<{ action: string }>(acted, body, "body").action}`;
}

/**
 * The registered form; `unknown_control` for a control kind without one. Other unknown types may carry any object: they are content of a newer
 * version.
 */
export function checkBody(type: string, body: unknown): void {
  const form = FORMS.get(kindOf(type, body));
  if (form !== undefined) form(body, "body");
  else if (CONTROL.has(type)) throw new ProtocolError("unknown_control", type);
}
