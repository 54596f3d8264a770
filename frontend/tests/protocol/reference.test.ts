// Outside vectors, all in tests/data: Wycheproof's verdicts, PyNaCl's references, and WebCrypto's sealed keys against libsodium's.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64encode, concat, utf8 } from "../../src/protocol/encoding.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import { verifyBytes } from "../../src/protocol/keys.ts";
import type { DhKey } from "../../src/protocol/ports.ts";
import {
  newDhHandle,
  newSignHandle,
  signHandleFromSeed,
  dhKey as webDhKey,
  signKey as webSignKey,
} from "../../src/storage/webcrypto.ts";
import { dhKey, hex, newDhKey, signKey, sodium, systemRandom, toHex } from "../support/keys.ts";

const { default: library } = await import("libsodium-wrappers-sumo");
const data = resolve(import.meta.dirname, "../../../tests/data");

// biome-ignore lint/suspicious/noExplicitAny: read as they are; a wrong member shows as a failing case
type Group = any;

function groups(name: string): Group[] {
  return JSON.parse(readFileSync(join(data, "wycheproof", `${name}_test.json`), "utf8")).testGroups;
}

function cases(name: string): { group: Group; each: Group }[] {
  return groups(name).flatMap((group) => group.tests.map((each: Group) => ({ group, each })));
}

function pynacl(name: string): string {
  return readFileSync(join(data, "pynacl", name), "utf8");
}

function lines(name: string): string[][] {
  const found = pynacl(name).split("\n");
  return found.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split("\t"));
}

/** The code of what it throws, null if it does not. */
function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

async function agreed(key: DhKey, other: string): Promise<string> {
  try {
    return toHex(await key.agree(other));
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** A WebCrypto key that cannot be read out, from a known secret. */
async function webDh(secret: Bytes): Promise<DhKey> {
  const pkcs8 = concat(Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32), secret);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, ["deriveBits"]);
  return webDhKey({ public: dhKey(secret).public, key });
}

test("Ed25519: every verdict of Wycheproof", () => {
  const all = cases("ed25519");
  expect(all.length).toBeGreaterThan(100);
  for (const { group, each } of all) {
    const code = codeOf(() =>
      verifyBytes(sodium, hex(each.msg), b64encode(hex(each.sig)), b64encode(hex(group.publicKey.pk))),
    );
    expect(code === null, `${each.tcId}`).toBe(each.result === "valid");
    expect([null, "signature", "encoding"]).toContain(code);
  }
});

test("X25519: every result of Wycheproof, by libsodium and by WebCrypto, and no zero", async () => {
  const all = cases("x25519");
  expect(all.length).toBeGreaterThan(400);
  for (const { each } of all) {
    const expected = /^0+$/.test(each.shared) ? "weak_key" : each.shared;
    const [secret, other] = [hex(each.private), b64encode(hex(each.public))];
    expect(await agreed(dhKey(secret), other), `${each.tcId}`).toBe(expected);
    expect(await agreed(await webDh(secret), other), `${each.tcId}`).toBe(expected);
  }
});

test("HKDF and HMAC: every result of Wycheproof", () => {
  const derived = cases("hkdf_sha256").filter(({ each }) => each.result === "valid");
  expect(derived.length).toBeGreaterThan(50);
  for (const { each } of derived) {
    expect(toHex(hkdf(sha256, hex(each.ikm), hex(each.salt), hex(each.info), each.size))).toBe(each.okm);
  }
  const tagged = cases("hmac_sha256");
  expect(tagged.length).toBeGreaterThan(100);
  for (const { group, each } of tagged) {
    const tag = toHex(hmac(sha256, hex(each.key), hex(each.msg))).slice(0, group.tagSize / 4);
    expect(tag === each.tag, `${each.tcId}`).toBe(each.result === "valid");
  }
});

test("keys of WebCrypto that cannot be read out sign and agree as libsodium's do, both ways", async () => {
  const seed = systemRandom.bytes(32);
  const text = utf8("na\u00efve");
  const handle = await signHandleFromSeed(seed, sodium.signPublic(seed));
  expect(handle.key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("pkcs8", handle.key)).rejects.toThrow();
  expect(await webSignKey(handle).sign(text)).toEqual(await signKey(seed).sign(text));

  const made = await newSignHandle();
  verifyBytes(sodium, text, b64encode(await webSignKey(made).sign(text)), made.public);

  const [theirs, own] = [newDhKey(), await newDhHandle()];
  expect(own.key.extractable).toBe(false);
  expect(await webDhKey(own).agree(theirs.public)).toEqual(await theirs.agree(own.public));
});

test("box keys from seeds and sealed boxes are PyNaCl's", () => {
  for (const [seed = "", pair] of lines("box_from_seed.txt")) {
    const { publicKey, privateKey } = library.crypto_box_seed_keypair(hex(seed));
    expect(toHex(concat(publicKey, privateKey))).toBe(pair);
  }
  let counted = 0;
  for (const [secret = "", key = "", ...boxes] of lines("sealed_box_ref.txt")) {
    for (let at = 0; at < boxes.length; at += 2) {
      const [, plain] = (boxes[at] ?? "").split(":");
      const [, sealed = ""] = (boxes[at + 1] ?? "").split(":");
      expect(toHex(library.crypto_box_seal_open(hex(sealed), hex(key), hex(secret)))).toBe(plain);
      counted += 1;
    }
  }
  expect(counted).toBe(3);
});

test("streams are PyNaCl's, pushed and pulled", () => {
  for (const { header, key, chunks } of JSON.parse(pynacl("secretstream-test-vectors.json"))) {
    const [pushing, pulling] = [sodium.stream(hex(header), hex(key)), sodium.stream(hex(header), hex(key))];
    for (const { tag, ad, message, ciphertext } of chunks) {
      expect(toHex(pushing.push(hex(message), hex(ad ?? ""), tag))).toBe(ciphertext);
      const pulled = pulling.pull(hex(ciphertext), hex(ad ?? ""));
      expect(pulled && { ...pulled, data: toHex(pulled.data) }).toEqual({ data: message, tag });
    }
  }
});

test("Argon2id is PyNaCl's", () => {
  const all: Group[] = JSON.parse(pynacl("raw_argon2id_hashes.json"));
  for (const { dgst_len, passwd, salt, iters, maxmem, pwhash } of all) {
    const kind = library.crypto_pwhash_ALG_ARGON2ID13;
    const memory = maxmem * 1_024;
    expect(toHex(library.crypto_pwhash(dgst_len, passwd, utf8(salt), iters, memory, kind))).toBe(pwhash);
  }
}, 60_000);
