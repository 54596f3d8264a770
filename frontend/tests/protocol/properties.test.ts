// What must hold for any input, not only for the vectors.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Address } from "../../src/protocol/addresses.ts";
import { canonical, parse } from "../../src/protocol/canonical.ts";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import { b64decode, b64encode, fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import { CODES, ProtocolError } from "../../src/protocol/errors.ts";
import { phraseFromSeed, seedFromPhrase } from "../../src/protocol/phrase.ts";
import { scan } from "../../src/protocol/scanner.ts";
import { openBox, pad, seal, unpad } from "../../src/protocol/seal.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import type { SignedWire } from "../../src/protocol/swarm/events.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { WORDLIST } from "../../src/protocol/wordlist.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "../support/keys.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const leaf = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
}));

function outcome(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof ProtocolError) return { code: error.code };
    throw error;
  }
}

test("what is written is read back, and there is one spelling", () => {
  fc.assert(
    fc.property(json, (value) => {
      fc.pre(!Object.is(value, -0));
      const bytes = canonical(value);
      expect(canonical(parse(bytes))).toEqual(bytes);
      expect(parse(bytes)).toEqual(scan(bytes));
    }),
  );
});

test("any bytes have a value or one of the json codes, and the quick way agrees with the strict one", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ maxLength: 40 }).map((it) => utf8(it)),
    fc.json().map((it) => utf8(it)),
  );
  fc.assert(
    fc.property(noise, (bytes) => {
      const data = new Uint8Array(bytes);
      const strict = outcome(() => {
        const value = scan(data);
        if (fromUtf8(canonical(value)) !== fromUtf8(data)) throw new ProtocolError("json_not_canonical");
        return value;
      });
      expect(outcome(() => parse(data))).toEqual(strict);
    }),
    { numRuns: 500 },
  );
});

test("base64url goes both ways, and any other spelling is refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.string({ maxLength: 12 }), (bytes, noise) => {
      expect([...b64decode(b64encode(bytes), bytes.length)]).toEqual([...bytes]);
      expect(b64encode(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      const read = outcome(() => b64encode(b64decode(noise)));
      expect(read).toEqual(
        /^[\w-]*$/.test(noise) && "value" in (read as object) ? { value: noise } : { code: "encoding" },
      );
    }),
  );
});

test("an address is its text and its wire form", () => {
  const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
  const host = fc.oneof(
    fc.tuple(label, label).map(([a, b]) => `${a}.x${b}`),
    fc.ipV4(),
    fc.constantFrom("::1", "2001:db8::1", "fe80::1:0:0:1", "1:2:3:4:5:6:7:8"),
  );
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65535 }), label, (ip, port, username) => {
      const address = Address.make(ip, port, username);
      expect(Address.parse(String(address))).toEqual(address);
      expect(Address.fromWire(address.wire())).toEqual(address);
    }),
  );
});

test("padding comes off, and nothing else passes for it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      const padded = pad(new Uint8Array(bytes));
      expect(padded.length % 256).toBe(0);
      expect([...unpad(padded)]).toEqual([...bytes]);
    }),
  );
  expect(outcome(() => unpad(new Uint8Array(256)))).toEqual({ code: "decrypt" });
});

test("a phrase is its seed; a changed word is noticed but for one in 256", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const seed = new Uint8Array(bytes);
      expect(seedFromPhrase(phraseFromSeed(seed, WORDLIST).join("  ").toUpperCase(), WORDLIST)).toEqual(seed);
    }),
  );
});

test("a box opens for its recipient only, and not after any change", async () => {
  const [sender, recipient, prekey, other] = [newDhKey(), newDhKey(), newDhKey(), newDhKey()];
  const address = Address.parse("@a@example.org").wire();
  const context = { from: address, from_device: sender.public, id: "id", to: address, type: "mail" };
  const held = { signed: async () => prekey, oneTime: async () => null };
  const target = { dh: recipient.public, prekey: prekey.public, oneTime: null };
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(), async (bytes, at) => {
      const plaintext = new Uint8Array(bytes);
      const box = await seal(sodium, plaintext, context, sender, target, newDhKey());
      const opened = await openBox(sodium, box, context, recipient, held, sender.public);
      expect(opened.plaintext).toEqual(plaintext);
      const sealed = b64decode(box.box);
      sealed[at % sealed.length] = (sealed[at % sealed.length] ?? 0) ^ 1;
      const changed = openBox(
        sodium,
        { ...box, box: b64encode(sealed) },
        context,
        recipient,
        held,
        sender.public,
      );
      await expect(changed).rejects.toMatchObject({ code: "decrypt" });
      const elsewhere = openBox(sodium, box, context, other, held, sender.public);
      await expect(elsewhere).rejects.toMatchObject({ code: "decrypt" });
      const moved = { ...context, id: "other" };
      await expect(openBox(sodium, box, moved, recipient, held, sender.public)).rejects.toMatchObject({
        code: "decrypt",
      });
    }),
    { numRuns: 20 },
  );
});

/** Two members who write at once, and what they wrote in some order. */
async function history(): Promise<SignedWire[]> {
  const people = await Promise.all(
    [0, 1].map(async () => {
      const [account, device] = [newSignKey(), newSignKey()];
      const names = { device: device.public, dh: newDhKey().public, role: "root" as const };
      const certificate = await makeCertificate(account, names, 1);
      return { account, device, certificate, replica: new Replica(sodium, new MemoryEventStore()) };
    }),
  );
  const [a, b] = people;
  if (a === undefined || b === undefined) throw new RangeError("two people");
  const initial = await author.begin(a.replica, a.device, a.certificate, b.account.public, 1, systemRandom);
  b.replica.add(initial.wire);
  a.replica.add((await author.join(b.replica, b.device, b.certificate, 2)).wire);
  for (let round = 0; round < 5; round++) {
    const said = await Promise.all(
      [a, b].map(({ replica, device, account }) =>
        author.text(replica, device, account.public, `round ${round}`, round),
      ),
    );
    for (const { replica } of [a, b]) for (const each of said) replica.add(each.wire);
  }
  expect(a.replica.heads).toEqual(b.replica.heads);
  return a.replica.displayOrder().map(({ wire }) => wire);
}

test("whatever order events come in, and however often, all replicas are the same in the end", async () => {
  const events = await history();
  const whole = new Replica(sodium, new MemoryEventStore());
  for (const each of events) whole.add(each);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.array(fc.constantFrom(...events), { maxLength: 5 }),
      (shuffled, again) => {
        const replica = new Replica(sodium, new MemoryEventStore(), whole.swarm);
        for (const each of [...shuffled, ...again]) replica.add(each);
        expect(replica.displayOrder()).toEqual(whole.displayOrder());
        expect(replica.heads).toEqual(whole.heads);
        expect(replica.missing()).toEqual([]);
      },
    ),
    { numRuns: 30 },
  );
});

test("the word list and the codes are those of the Python core", () => {
  const core = resolve(import.meta.dirname, "../../../homevault/protocol");
  const words = readFileSync(`${core}/bip39-english.txt`, "utf8").split("\n");
  expect(WORDLIST).toEqual(words.filter((word) => word !== "" && !word.startsWith("#")));
  const source = readFileSync(`${core}/errors.py`, "utf8");
  const codes = [...source.matchAll(/^ {4}"([a-z0-9_]+)": "/gm)].map(([, code]) => code);
  expect(Object.keys(CODES)).toEqual(codes);
});
