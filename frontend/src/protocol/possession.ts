/** A device's word at which address its account is enrolled (SPEC 4.15). */

import type { AddressWire } from "./addresses.ts";
import { Address, accountAddressForm } from "./addresses.ts";
import type { DeviceList } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

const LATE = 300_000;

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  address: accountAddressForm,
  time: schema.time,
  sig: schema.signature,
});

/** As on the wire. */
export interface Possession {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly address: AddressWire;
  readonly time: number;
  readonly sig: string;
}

/** Signed by the device. */
export function makePossession(
  account: string,
  device: SignKey,
  address: Address,
  now: number,
): Promise<Possession> {
  const names = { account, device: device.public, address: address.wire() };
  return sign("possession", { v: VERSION, suite: SUITE, ...names, time: now }, device);
}

/**
 * The device of `devices` that has just said so about `address`. `certificate_account` or `certificate_device` for one that the list does not name;
 * `signature`; `not_proven` for another address; `clock` for another time.
 */
export function verifyPossession(
  sodium: Sodium,
  value: unknown,
  devices: DeviceList,
  address: Address,
  now: number,
): string {
  const found = schema.matches<Possession>(form, value, "possession");
  if (found.account !== devices.account) throw new ProtocolError("certificate_account", "possession");
  if (!devices.devices.has(found.device)) throw new ProtocolError("certificate_device", "possession");
  verify(sodium, "possession", found, found.device);
  if (!Address.fromWire(found.address).equals(address)) throw new ProtocolError("not_proven", "address");
  if (Math.abs(now - found.time) > LATE) throw new ProtocolError("clock", "possession");
  return found.device;
}
