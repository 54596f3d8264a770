/** Oneself in this browser, ready to use: the row that is stored, with its keys as the core wants them. Never changed, only replaced. */

import { Address } from "../../protocol/addresses.ts";
import type { Certificate } from "../../protocol/certificates.ts";
import { makeCertificate, makeDeviceList } from "../../protocol/certificates.ts";
import type { Newcomer } from "../../protocol/pairing.ts";
import { phraseFromSeed, seedFromPhrase } from "../../protocol/phrase.ts";
import type { DhKey, Random, SignKey } from "../../protocol/ports.ts";
import type { SelfRow } from "../../storage/records.ts";
import type { KeyHandle } from "../../storage/webcrypto.ts";
import { dhKey, newDhHandle, newSignHandle, signHandleFromSeed, signKey } from "../../storage/webcrypto.ts";
import type { SodiumLibrary } from "./sodium.ts";

export class Self {
  readonly row: SelfRow;
  readonly address: Address;
  readonly sign: SignKey;
  readonly dh: DhKey;
  /** The account key, where this browser holds it. */
  readonly root: SignKey | null;

  constructor(row: SelfRow) {
    this.row = row;
    this.address = Address.fromWire(row.address);
    this.sign = signKey(row.device);
    this.dh = dhKey(row.dh);
    this.root = row.root === null ? null : signKey(row.root);
  }

  get account(): string {
    return this.row.account;
  }

  get device(): string {
    return this.row.device.public;
  }

  /** The other devices of the own list, ascending. */
  get others(): readonly string[] {
    return this.row.list.devices.map(({ device }) => device).filter((device) => device !== this.device);
  }

  /** The vaults of the own list. */
  get vaults(): readonly string[] {
    return this.row.list.devices.filter(({ role }) => role === "vault").map(({ device }) => device);
  }

  with(changes: Partial<SelfRow>): Self {
    return new Self({ ...this.row, ...changes });
  }
}

/** A new account with this browser as its first device, in memory only, and the recovery phrase. The seed is gone when this returns. */
export async function newAccount(
  address: Address,
  sodium: SodiumLibrary,
  random: Random,
  now: number,
): Promise<{ self: Self; words: readonly string[] }> {
  const { WORDLIST } = await import("../../protocol/wordlist.ts");
  const seed = random.bytes(32);
  const words = phraseFromSeed(seed, WORDLIST);
  const root = await signHandleFromSeed(seed, sodium.signPublic(seed));
  seed.fill(0);
  const own = await rootDevice(root, now);
  const list = await makeDeviceList(signKey(root), 1, [own.certificate], now);
  const row: SelfRow = {
    name: "self",
    address: address.wire(),
    account: root.public,
    ...own,
    root,
    list,
    enrolled: false,
    siteKey: null,
  };
  return { self: new Self(row), words };
}

/** Keys for this browser, certified by the account key that it holds. */
export async function rootDevice(
  root: KeyHandle,
  now: number,
): Promise<Pick<SelfRow, "device" | "dh" | "certificate">> {
  const [device, dh] = await Promise.all([newSignHandle(), newDhHandle()]);
  const names = { device: device.public, dh: dh.public, role: "root" as const };
  return { device, dh, certificate: await makeCertificate(signKey(root), names, now) };
}

/** The account key that the 24 words are. Throws `recovery_phrase`. The seed is gone when this returns. */
export async function rootFromPhrase(words: string, sodium: SodiumLibrary): Promise<KeyHandle> {
  const { WORDLIST } = await import("../../protocol/wordlist.ts");
  const seed = seedFromPhrase(words, WORDLIST);
  const root = await signHandleFromSeed(seed, sodium.signPublic(seed));
  seed.fill(0);
  return root;
}

/** The certificate that a root-holding browser gives a newcomer. */
export function certifyNewcomer(
  root: SignKey,
  { device, dh, role }: Pick<Newcomer, "device" | "dh" | "role">,
  now: number,
): Promise<Certificate> {
  return makeCertificate(root, { device, dh, role }, now);
}
