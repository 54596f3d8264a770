/** Every fault the protocol knows, by its stable code (SPEC section 9). */

export const CODES = {
  json_too_large: "more bytes than allowed",
  json_not_utf8: "not UTF-8, or a byte order mark",
  json_syntax: "not JSON",
  json_depth: "nested deeper than 16",
  json_duplicate_key: "a member stands twice",
  json_number: "a fraction, exponent, -0 or an integer beyond \u00b1(2^53\u22121)",
  json_surrogate: "a lone surrogate",
  json_not_canonical: "not the canonical spelling",
  schema: "a member is missing, unknown or of the wrong form",
  encoding: "not strict base64url of the required length",
  unsupported_version: "v is not 1",
  unsupported_suite: "another suite",
  signature: "the signature does not verify",
  address: "not an address",
  certificate_account: "the certificate is another account's",
  certificate_device: "the certificate names another device",
  device_list_order: "devices unsorted or twice",
  device_list_stale: "an older list than the known one",
  device_list_conflict: "the same number, other content",
  recovery_phrase: "not 24 words of the list, or the checksum is wrong",
  pairing_commitment: "what was revealed is not what was committed to",
  pairing_busy: "the vault is in another exchange, or had too many",
  weak_key: "a key agreement gave zero",
  wrong_identity_key: "the box was made with a key its sender's certificate does not name",
  unknown_prekey: "sealed to a prekey that this device does not hold",
  decrypt: "the box does not open",
  session_broken: "a live session lost, repeated or changed something, or was cut off",
  wrong_fingerprint: "a direct connection shows another certificate than its device signed",
  replay: "this envelope was taken before",
  clock: "dated ahead of our clock",
  expired: "its time is over",
  wrong_sender: "from or from_device is not what the connection proved",
  unknown_type: "no such envelope type",
  unknown_recipient: "nobody here by that name",
  unlisted_device: "a device in wraps is not listed by its account",
  mailbox_full: "the recipient's mailbox is full",
  request_pending: "a request of yours waits there already",
  not_proven: "the handshake failed",
  refused: "not allowed, or not there",
  blocked: "a moderator has blocked this for a while",
  too_many: "more than the limit; wait",
  unreachable: "the other site did not answer in time",
  event_id: "swarm, prev or parents do not fit the history",
  event_depth: "depth or seq is not what the history gives",
  event_type: "not allowed for this type or mode",
  event_unknown_parent: "a parent is not here yet",
  event_rights: "its author was not entitled",
  event_fork: "a control event of a device that wrote two histories",
  event_limit: "no more members, invitations or devices",
  event_vote: "a cited vote does not fit, or they are too few",
  event_late: "its author was removed; it waits for somebody to confirm it",
  history_mismatch: "a count, fingerprint, acknowledgement or checkpoint that does not fit the history",
  unknown_control: "a control event this version does not know",
  unknown_mode: "no such mode",
  internal: "a fault of ours",
} as const;

export type Code = keyof typeof CODES;

/** Bad input or a broken promise. `code` is stable and goes on the wire; `detail` says where, for people who debug. */
export class ProtocolError extends Error {
  readonly code: Code;
  readonly detail: string;

  constructor(code: Code, detail = "") {
    super(detail === "" ? CODES[code] : `${CODES[code]}: ${detail}`);
    this.name = "ProtocolError";
    this.code = code;
    this.detail = detail;
  }
}

/** Whether a code came from this table, for codes that arrive from elsewhere. */
export function isCode(code: string): code is Code {
  return Object.hasOwn(CODES, code);
}
