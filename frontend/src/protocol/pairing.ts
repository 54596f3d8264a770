/**
 * Pairing a vault: two devices agree on keys through a site that could swap them (SPEC 4.8).
 *
 * Sans-io: a message is `[step, payload]`, as the members of a `pair` envelope. A broken rule throws; the shell sends `abort` with the code and
 * drops the exchange. The vault's side here plays the other part in tests.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import type { AddressWire } from "./addresses.ts";
import { Address, accountAddressForm } from "./addresses.ts";
import { canonical, objectId, tag } from "./canonical.ts";
import type { Certificate, DeviceList, DeviceListWire } from "./certificates.ts";
import { requireNames, verifyCertificate, verifyDeviceList } from "./certificates.ts";
import { b64encode, concat, equalBytes } from "./encoding.ts";
import type { PairStep } from "./envelope_types.ts";
import { isCode, ProtocolError } from "./errors.ts";
import { bigEndian } from "./fingerprints.ts";
import type { Random, Sodium } from "./ports.ts";
import type { Check, Members } from "./schema.ts";
import * as schema from "./schema.ts";

export type Message = readonly [step: PairStep, payload: Members];

const DIGITS = 1_000_000n;

const any = schema.opened({});
const FORMS: Readonly<Record<string, Check>> = {
  open: schema.closed({ account: schema.key, device: schema.key, commit: schema.key }),
  commit: schema.closed({ commit: schema.key }),
  "browser reveal": schema.closed({ nonce: schema.nonce }),
  "vault reveal": schema.closed({
    device: schema.key,
    dh: schema.key,
    name: schema.label(),
    nonce: schema.nonce,
  }),
  certificate: schema.closed({
    certificate: any,
    list: any,
    address: accountAddressForm,
    site_key: schema.key,
  }),
  done: schema.closed({}),
  abort: schema.closed({ code: schema.label() }),
};

/** What the vault revealed: its device id, its `dh` key and the name it gives itself. */
export interface PairedVault {
  readonly device: string;
  readonly dh: string;
  readonly name: string;
}

/** What makes a vault one of an account's devices; `siteKey` is to be pinned. */
export interface Enrolment {
  readonly certificate: Certificate;
  readonly list: DeviceList;
  readonly address: Address;
  readonly siteKey: string;
}

/** The message that ends the exchange from either side. */
export function abort(code: string): Message {
  return ["abort", { code }];
}

/** The six digits that both sides show. */
export function pairingCode(agreed: {
  readonly account: string;
  readonly browser: string;
  readonly vault: string;
  readonly dh: string;
  readonly browser_nonce: string;
  readonly vault_nonce: string;
}): string {
  const digest = sha256(concat(tag("pairing"), canonical(agreed)));
  return (bigEndian(digest.subarray(0, 8)) % DIGITS).toString().padStart(6, "0");
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
 * The root-holding side. Send `start()`, then what `receive` returns. Once `code` is there the person compares; then send `enrol(…)`, and wait for
 * `done`.
 */
export class BrowserPairing {
  code: string | null = null;
  vault: PairedVault | null = null;
  done = false;
  private commit: string | null = null;
  private enrolled = false;
  private readonly account: string;
  private readonly device: string;
  private readonly nonce: string;

  constructor(account: string, device: string, random: Random) {
    this.account = account;
    this.device = device;
    this.nonce = b64encode(random.bytes(16));
  }

  start(): Message {
    const { account, device, nonce } = this;
    return ["open", { account, device, commit: commitment({ account, device, nonce }) }];
  }

  /** The message to send back, if any. */
  receive(step: string, payload: unknown): Message | null {
    if (this.commit === null) {
      this.commit = expect<{ commit: string }>("commit", step, payload).commit;
      return ["reveal", { nonce: this.nonce }];
    }
    if (this.vault === null) {
      this.reveal(expect<PairedVault & { nonce: string }>("vault reveal", step, payload));
      return null;
    }
    expect("done", step, payload);
    if (!this.enrolled) throw schema.schemaError("step");
    this.done = true;
    return null;
  }

  private reveal(vault: PairedVault & { nonce: string }): void {
    const { device, dh, name, nonce } = vault;
    if (commitment({ device, dh, nonce }) !== this.commit) throw new ProtocolError("pairing_commitment");
    this.vault = { device, dh, name };
    const browser = { account: this.account, browser: this.device, browser_nonce: this.nonce };
    this.code = pairingCode({ ...browser, vault: device, dh, vault_nonce: nonce });
  }

  /** The message for after the person found the codes equal. */
  enrol(certificate: Certificate, list: DeviceListWire, address: Address, siteKey: string): Message {
    if (this.vault === null) throw schema.schemaError("step");
    this.enrolled = true;
    return ["certificate", { certificate, list, address: address.wire(), site_key: siteKey }];
  }
}

/** The vault's side of one exchange. `code` is there after the reveal, `enrolment` after the certificate: store it durably, then send `done()`. */
export class VaultPairing {
  code: string | null = null;
  enrolment: Enrolment | null = null;
  private opened: { account: string; device: string; commit: string } | null = null;
  private readonly sodium: Sodium;
  private readonly self: PairedVault;
  private readonly nonce: string;

  constructor(sodium: Sodium, self: PairedVault, random: Random) {
    this.sodium = sodium;
    this.self = self;
    this.nonce = b64encode(random.bytes(16));
  }

  /** The message to send back, if any. */
  receive(step: string, payload: unknown): Message | null {
    const { device, dh } = this.self;
    if (this.opened === null) {
      this.opened = expect("open", step, payload);
      return ["commit", { commit: commitment({ device, dh, nonce: this.nonce }) }];
    }
    if (this.code === null) {
      return this.reveal(this.opened, expect<{ nonce: string }>("browser reveal", step, payload).nonce);
    }
    if (this.enrolment !== null) throw schema.schemaError("step");
    this.enrolment = this.enrol(this.opened.account, expect("certificate", step, payload));
    return null;
  }

  private reveal(opened: { account: string; device: string; commit: string }, nonce: string): Message {
    const { account, device: browser, commit } = opened;
    if (commitment({ account, device: browser, nonce }) !== commit) {
      throw new ProtocolError("pairing_commitment");
    }
    const { device, dh } = this.self;
    const vault = { vault: device, dh, vault_nonce: this.nonce };
    this.code = pairingCode({ account, browser, browser_nonce: nonce, ...vault });
    return ["reveal", { ...this.self, nonce: this.nonce }];
  }

  private enrol(
    account: string,
    given: { certificate: unknown; list: unknown; address: AddressWire; site_key: string },
  ): Enrolment {
    const certificate = verifyCertificate(this.sodium, given.certificate);
    const list = verifyDeviceList(this.sodium, given.list);
    requireNames(certificate, account, this.self.device);
    if (list.account !== certificate.account) throw new ProtocolError("certificate_account", "list");
    const listed = list.devices.get(this.self.device);
    const same = listed !== undefined && equalBytes(canonical(listed), canonical(certificate));
    if (certificate.dh !== this.self.dh || !same) throw new ProtocolError("certificate_device", "list");
    return { certificate, list, address: Address.fromWire(given.address), siteKey: given.site_key };
  }

  /** The last message, for after the enrolment is stored. */
  finish(): Message {
    return ["done", {}];
  }
}
