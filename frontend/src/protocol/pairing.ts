/**
 * Linking a new device, a vault or a browser, to an account through a site that could swap keys (SPEC 4.8).
 *
 * The *holder* has the account key, the *newcomer* waits. A person compares the code that both show, or the holder's camera scans the newcomer's
 * ticket, which proves each to the other without comparing.
 *
 * Sans-io: a message is `[step, payload]`, as the members of a `pair` envelope. A broken rule throws; the shell sends `abort` with the code and
 * drops the exchange.
 */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { AddressWire } from "./addresses.ts";
import { Address, accountAddressForm } from "./addresses.ts";
import { canonical, objectId, tag } from "./canonical.ts";
import type { Certificate, DeviceList, DeviceListWire } from "./certificates.ts";
import { requireNames, verifyCertificate, verifyDeviceList } from "./certificates.ts";
import { b64decode, b64encode, concat, equalBytes } from "./encoding.ts";
import type { PairStep } from "./envelope_types.ts";
import { isCode, ProtocolError } from "./errors.ts";
import { bigEndian } from "./fingerprints.ts";
import type { Random, Sodium } from "./ports.ts";
import type { Check, Members } from "./schema.ts";
import * as schema from "./schema.ts";
import type { Ticket } from "./ticket.ts";
import { SECRET_BYTES } from "./ticket.ts";

export type Message = readonly [step: PairStep, payload: Members];

export const NEWCOMER_ROLES = ["vault", "member"] as const;
export type NewcomerRole = (typeof NEWCOMER_ROLES)[number];
const DIGITS = 1_000_000n;

const any = schema.opened({});
const FORMS: Readonly<Record<string, Check>> = {
  open: schema.closed({ account: schema.key, device: schema.key, commit: schema.key }),
  commit: schema.closed({ commit: schema.key }),
  "holder reveal": schema.closed({ nonce: schema.nonce }),
  "newcomer reveal": schema.closed({
    device: schema.key,
    dh: schema.key,
    name: schema.label(),
    nonce: schema.nonce,
    role: schema.oneOf(...NEWCOMER_ROLES),
  }),
  certificate: schema.closed({
    certificate: any,
    list: any,
    address: accountAddressForm,
    site_key: schema.key,
    proof: schema.nullable(schema.key),
  }),
  done: schema.closed({}),
  abort: schema.closed({ code: schema.label() }),
};

/** What the newcomer is: its device id, its `dh` key, the name it gives itself, and the role it asks for. */
export interface Newcomer {
  readonly device: string;
  readonly dh: string;
  readonly name: string;
  readonly role: NewcomerRole;
}

/**
 * What makes the newcomer one of an account's devices; `siteKey` is to be pinned. `proven`: the holder scanned the ticket; otherwise the newcomer's
 * person must have found the codes equal before this counts.
 */
export interface Enrolment {
  readonly certificate: Certificate;
  readonly list: DeviceList;
  readonly address: Address;
  readonly siteKey: string;
  readonly proven: boolean;
}

/** What both sides have when they are done revealing: account, device ids, keys and nonces. */
interface Agreed {
  readonly account: string;
  readonly holder: string;
  readonly newcomer: string;
  readonly dh: string;
  readonly role: NewcomerRole;
  readonly holder_nonce: string;
  readonly newcomer_nonce: string;
}

/** The six digits that both sides show. */
function pairingCode(agreed: Agreed): string {
  const digest = sha256(concat(tag("pairing"), canonical(agreed)));
  return (bigEndian(digest.subarray(0, 8)) % DIGITS).toString().padStart(6, "0");
}

/** What only somebody who scanned the ticket can say of this exchange. */
function pairingProof(agreed: Agreed, secret: string): string {
  const signed = concat(tag("pairing-proof"), canonical(agreed));
  return b64encode(hmac(sha256, b64decode(secret, SECRET_BYTES), signed));
}

/** The message that ends the exchange from either side. */
export function abort(code: string): Message {
  return ["abort", { code }];
}

/** The commitment to what will be revealed. */
export function commitment(revealed: Readonly<Record<string, string>>): string {
  return objectId("pairing-commit", revealed);
}

/** The payload of the step that is due. An `abort` throws its code, another step `schema`. */
function expect<T>(wanted: string, step: string, payload: unknown): T {
  if (step === "abort") {
    const { code } = schema.matches<{ code: string }>(FORMS.abort ?? any, payload, "abort");
    throw new ProtocolError(isCode(code) ? code : "refused", "abort");
  }
  if (step !== wanted.split(" ").at(-1)) throw schema.schemaError("step");
  return schema.matches<T>(FORMS[wanted] ?? any, payload, wanted);
}

/**
 * The side with the account key. Send `start()`, then what `receive` returns. Once `code` is there the person compares, unless a ticket was scanned;
 * then send `enrol(…)`, and wait for `done`.
 */
export class HolderPairing {
  newcomer: Newcomer | null = null;
  done = false;
  private agreed: Agreed | null = null;
  private commit: string | null = null;
  private enrolled = false;
  private readonly account: string;
  private readonly device: string;
  private readonly nonce: string;
  private readonly ticket: Ticket | null;

  constructor(account: string, device: string, random: Random, ticket: Ticket | null = null) {
    this.account = account;
    this.device = device;
    this.nonce = b64encode(random.bytes(16));
    this.ticket = ticket;
  }

  get code(): string | null {
    return this.agreed && pairingCode(this.agreed);
  }

  start(): Message {
    const { account, device, nonce } = this;
    return ["open", { account, device, commit: commitment({ account, device, nonce }) }];
  }

  /** The message to send back, if any. */
  receive(step: string, payload: unknown): Message | null {
    if (this.commit === null) {
      return this.committed(expect<{ commit: string }>("commit", step, payload).commit);
    }
    if (this.agreed === null) {
      this.reveal(expect<Newcomer & { nonce: string }>("newcomer reveal", step, payload));
      return null;
    }
    expect("done", step, payload);
    if (!this.enrolled) throw schema.schemaError("step");
    this.done = true;
    return null;
  }

  private committed(commit: string): Message {
    if (this.ticket !== null && commit !== this.ticket.commit) {
      throw new ProtocolError("pairing_commitment", "ticket");
    }
    this.commit = commit;
    return ["reveal", { nonce: this.nonce }];
  }

  private reveal({ nonce, ...newcomer }: Newcomer & { nonce: string }): void {
    const { device, dh, role } = newcomer;
    if (commitment({ device, dh, nonce, role }) !== this.commit) {
      throw new ProtocolError("pairing_commitment");
    }
    this.newcomer = newcomer;
    const nonces = { holder_nonce: this.nonce, newcomer_nonce: nonce };
    this.agreed = { account: this.account, holder: this.device, newcomer: device, dh, role, ...nonces };
  }

  /** The message for after the person found the codes equal, or scanned the ticket. */
  enrol(certificate: Certificate, list: DeviceListWire, address: Address, siteKey: string): Message {
    if (this.agreed === null) throw schema.schemaError("step");
    this.enrolled = true;
    const proof = this.ticket && pairingProof(this.agreed, this.ticket.secret);
    return ["certificate", { certificate, list, address: address.wire(), site_key: siteKey, proof }];
  }
}

/**
 * The waiting side of one exchange. `code` is there after the reveal, `enrolment` after the certificate: store it durably, then send `finish()`.
 */
export class NewcomerPairing {
  enrolment: Enrolment | null = null;
  private agreed: Agreed | null = null;
  private opened: { account: string; device: string; commit: string } | null = null;
  private readonly sodium: Sodium;
  private readonly self: Newcomer;
  private readonly nonce: string;
  private readonly secret: string;

  constructor(sodium: Sodium, self: Newcomer, random: Random) {
    this.sodium = sodium;
    this.self = self;
    this.nonce = b64encode(random.bytes(16));
    this.secret = b64encode(random.bytes(SECRET_BYTES));
  }

  get code(): string | null {
    return this.agreed && pairingCode(this.agreed);
  }

  private get commit(): string {
    const { device, dh, role } = this.self;
    return commitment({ device, dh, nonce: this.nonce, role });
  }

  /** To be shown, for this exchange only. */
  ticket(slot: string): Ticket {
    return { slot, commit: this.commit, secret: this.secret };
  }

  /** The message to send back, if any. */
  receive(step: string, payload: unknown): Message | null {
    if (this.opened === null) {
      this.opened = expect("open", step, payload);
      return ["commit", { commit: this.commit }];
    }
    if (this.agreed === null) {
      return this.reveal(this.opened, expect<{ nonce: string }>("holder reveal", step, payload).nonce);
    }
    if (this.enrolment !== null) throw schema.schemaError("step");
    this.enrolment = this.enrol(this.agreed, expect("certificate", step, payload));
    return null;
  }

  private reveal(opened: { account: string; device: string; commit: string }, nonce: string): Message {
    const { account, device: holder, commit } = opened;
    if (commitment({ account, device: holder, nonce }) !== commit) {
      throw new ProtocolError("pairing_commitment");
    }
    const { device: newcomer, dh, role } = this.self;
    this.agreed = { account, holder, newcomer, dh, role, holder_nonce: nonce, newcomer_nonce: this.nonce };
    return ["reveal", { ...this.self, nonce: this.nonce }];
  }

  private enrol(
    agreed: Agreed,
    given: {
      certificate: unknown;
      list: unknown;
      address: AddressWire;
      site_key: string;
      proof: string | null;
    },
  ): Enrolment {
    const certificate = verifyCertificate(this.sodium, given.certificate);
    const list = verifyDeviceList(this.sodium, given.list);
    requireNames(certificate, agreed.account, agreed.newcomer);
    if (list.account !== certificate.account) throw new ProtocolError("certificate_account", "list");
    const listed = list.devices.get(agreed.newcomer);
    const same = listed !== undefined && equalBytes(canonical(listed), canonical(certificate));
    const named = certificate.dh === agreed.dh && certificate.role === agreed.role;
    if (!named || !same) throw new ProtocolError("certificate_device", "list");
    const proven = given.proof !== null;
    if (proven && given.proof !== pairingProof(agreed, this.secret)) {
      throw new ProtocolError("not_proven", "proof");
    }
    return { certificate, list, address: Address.fromWire(given.address), siteKey: given.site_key, proven };
  }

  /** The last message, for after the enrolment is stored. */
  finish(): Message {
    return ["done", {}];
  }
}
