/**
 * The forms of event bodies and which types are control (SPEC 7.2, 7.3).
 *
 * A later kind of control event is registered here with its form, in `rules` with its legality, in `standing` and `state` with its effect.
 */

import { checkCertificate } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import { checkRevocation } from "../revocations.ts";
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
export const MAX_VOTES = 255;
export const MAX_HOSTS = 8;

export const checkType = schema.matching(/^[a-z][a-z0-9-]{0,31}$/);
export const anyBody = schema.opened({});
const acted = schema.opened({ action: checkType });
const media = schema.matching(/^[a-z0-9!#$&^_.+-]{1,63}\/[a-z0-9!#$&^_.+-]{1,63}$/);
const words = schema.text(1, TEXT_BYTES);

const integer = schema.integer();
const mode: Check = (value, path) => {
  integer(value, path);
  if ((value as number) > LAST_MODE) throw new ProtocolError("unknown_mode", path);
};

/** A form, and what binds its members to each other. */
function bound(form: Check, fits: (body: Members) => boolean, path: string): Check {
  return (value, where) => {
    if (!fits(schema.matches<Members>(form, value, where))) throw schema.schemaError(path);
  };
}

const initialForm = schema.closed({
  mode,
  nonce: schema.nonce,
  peer: schema.nullable(schema.key),
  certificate: checkCertificate,
  revocations: schema.listing(schema.nothing, 0, 0),
});

const action = (name: string): Check => schema.oneOf(name);
const nullableKey = schema.nullable(schema.key);

const add = schema.closed({ action: action("add"), account: nullableKey, invite: nullableKey });
const joinMembers = { action: action("join"), certificate: checkCertificate };
const joinForm = schema.closed(joinMembers);
const linkForm = schema.closed({ ...joinMembers, invite: schema.key, proof: schema.signature });
const join: Check = (value, path) => (isByLink(value as Members) ? linkForm : joinForm)(value, path);

function decision(name: string): Check {
  return schema.closed({
    action: action(name),
    account: schema.key,
    device: nullableKey,
    quorum: schema.integer(1),
    senior: schema.key,
    votes: schema.sortedIds(0, MAX_VOTES),
  });
}

const hostList = schema.listing(schema.matching(/^[A-Za-z0-9_-]{43}\/[A-Za-z0-9_-]{43}$/), 0, MAX_HOSTS);
const hosts: Check = (value, path) => {
  if (!schema.ascending(schema.matches<string[]>(hostList, value, path))) throw schema.schemaError(path);
};

const callForm = schema.closed({
  call: schema.nonce,
  outcome: schema.oneOf("started", "ended", "missed", "declined"),
  duration: schema.nullable(integer),
  uri: schema.nullable(schema.text(1, 255)),
});
/** A duration belongs to an end, a URI to a start. */
const timed = bound(
  callForm,
  ({ outcome, duration }) => (outcome === "ended") === (duration !== null),
  "duration",
);
const call = bound(timed, ({ outcome, uri }) => (outcome === "started") === (uri !== null), "uri");

/** Keyed by kind. */
const FORMS: ReadonlyMap<string, Check> = new Map([
  ["initial", bound(initialForm, (body) => (body.mode === 0) === (body.peer !== null), "peer")],
  ["member.add", bound(add, (body) => (body.account === null) !== (body.invite === null), "invite")],
  ["member.join", join],
  ["member.leave", schema.closed({ action: action("leave") })],
  ["member.grant", schema.closed({ action: action("grant"), account: schema.key })],
  ["member.resign", schema.closed({ action: action("resign") })],
  ["member.ban", decision("ban")],
  ["member.unban", decision("unban")],
  [
    "vote",
    schema.closed({
      action: schema.oneOf("ban", "unban"),
      account: schema.key,
      device: nullableKey,
      last: nullableKey,
    }),
  ],
  ["device", schema.closed({ certificate: checkCertificate })],
  ["device.revocation", schema.closed({ revocation: checkRevocation })],
  [
    "update-profile",
    schema.closed({
      title: schema.nullable(schema.label(128)),
      description: schema.nullable(schema.label(1024)),
      avatar: nullableKey,
      hosts,
    }),
  ],
  ["merge", schema.closed({})],
  ["text", schema.closed({ text: words, reply_to: nullableKey })],
  ["edit", schema.closed({ target: schema.key, text: words })],
  ["delete", schema.closed({ target: schema.key })],
  ["reaction", schema.closed({ target: schema.key, emoji: schema.text(1, 64) })],
  [
    "data-transfer",
    schema.closed({
      tid: schema.nonce,
      display_name: schema.text(1, 255),
      total_size: integer,
      sha3sum: schema.key,
      media,
    }),
  ],
  ["call-history", call],
]);

/** Whether the body of a `member.join` is that of a join by a link. */
export function isByLink(body: Members): boolean {
  return Object.hasOwn(body, "invite");
}

/** The type, and after a dot the action of a `member` or `revocation` for the second form of `device`. */
export function kindOf(type: string, body: unknown): string {
  if (type === "member") {
    return `${type}.${schema.matches<{ action: string }>(acted, body, "body").action}`;
  }
  const revokes = type === "device" && schema.isMembers(body) && Object.hasOwn(body, "revocation");
  return revokes ? "device.revocation" : type;
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
