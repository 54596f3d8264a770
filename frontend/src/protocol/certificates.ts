/** Which devices are an account's: device certificates and the numbered device list (SPEC 4.1, 4.2). */

import { canonical } from "./canonical.ts";
import { equalBytes } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const ROLES = ["root", "member", "vault", "visitor"] as const;
export type Role = (typeof ROLES)[number];
export const MAX_DEVICES = 16;

const certificateForm = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  dh: schema.key,
  role: schema.oneOf(...ROLES),
  time: schema.time,
  sig: schema.signature,
});
const listForm = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  number: schema.integer(1),
  devices: schema.listing(certificateForm, 1, MAX_DEVICES),
  time: schema.time,
  sig: schema.signature,
});

/** The account's word that a device (its Ed25519 key and its X25519 key `dh`) is its own. As on the wire. */
export interface Certificate {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly dh: string;
  readonly role: Role;
  readonly time: number;
  readonly sig: string;
}

export interface DeviceListWire {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly number: number;
  readonly devices: readonly Certificate[];
  readonly time: number;
  readonly sig: string;
}

/** All devices of an account at one time; `devices` by device id, ascending. */
export interface DeviceList {
  readonly account: string;
  readonly number: number;
  readonly devices: ReadonlyMap<string, Certificate>;
  readonly time: number;
  readonly wire: DeviceListWire;
}

/** A device certificate signed by the account key. */
export function makeCertificate(
  account: SignKey,
  names: { device: string; dh: string; role: Role },
  now: number,
): Promise<Certificate> {
  const statement = { v: VERSION, suite: SUITE, account: account.public, ...names, time: now };
  return sign("device-certificate", statement, account);
}

/** The form alone, for statements that carry one. */
export const checkCertificate: Check = certificateForm;

/** The certificate of a signed statement; `schema`, `encoding` or `signature`. */
export function verifyCertificate(sodium: Sodium, value: unknown): Certificate {
  const found = schema.matches<Certificate>(certificateForm, value, "certificate");
  verify(sodium, "device-certificate", found, found.account);
  return found;
}

/** `certificate_account` or `certificate_device` unless it is that device of that account. */
export function requireNames(certificate: Certificate, account: string, device: string): void {
  if (certificate.account !== account) throw new ProtocolError("certificate_account");
  if (certificate.device !== device) throw new ProtocolError("certificate_device");
}

/** A device list signed by the account key; the certificates may come in any order. */
export function makeDeviceList(
  account: SignKey,
  number: number,
  certificates: Iterable<Certificate>,
  now: number,
): Promise<DeviceListWire> {
  const devices = [...certificates].sort((a, b) => (a.device < b.device ? -1 : 1));
  const statement = { v: VERSION, suite: SUITE, account: account.public, number, devices, time: now };
  return sign("device-list", statement, account);
}

/** The list of a signed statement, every certificate in it verified. */
export function verifyDeviceList(sodium: Sodium, value: unknown): DeviceList {
  const wire = schema.matches<DeviceListWire>(listForm, value, "list");
  const { account, number, devices, time } = wire;
  if (devices.some((each) => each.account !== account))
    throw new ProtocolError("certificate_account", "devices");
  if (!schema.ascending(devices.map((each) => each.device))) {
    throw new ProtocolError("device_list_order", "devices");
  }
  verify(sodium, "device-list", wire, account);
  const found = new Map(devices.map((each) => [each.device, verifyCertificate(sodium, each)]));
  return { account, number, devices: found, time, wire };
}

/**
 * True if `next` replaces `known`, false if it is the same; `device_list_stale` or `device_list_conflict`, and `certificate_account` for another
 * account's list.
 */
export function checkNewer(known: DeviceList | null, next: DeviceList): boolean {
  if (known === null) return true;
  if (known.account !== next.account) throw new ProtocolError("certificate_account", "account");
  if (next.number < known.number) throw new ProtocolError("device_list_stale", "number");
  if (next.number === known.number && !equalBytes(canonical(next.wire), canonical(known.wire))) {
    throw new ProtocolError("device_list_conflict", "number");
  }
  return next.number > known.number;
}
