// Pairing with a vault that speaks through the relay in memory, and what it then gets.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { Address } from "../../src/protocol/addresses.ts";
import { parse } from "../../src/protocol/canonical.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64decode } from "../../src/protocol/encoding.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import { makeEnvelope, newId } from "../../src/protocol/envelope.ts";
import type { Letter } from "../../src/protocol/letters.ts";
import { makeDisplayed, readLetter } from "../../src/protocol/letters.ts";
import type { Message } from "../../src/protocol/pairing.ts";
import { NewcomerPairing } from "../../src/protocol/pairing.ts";
import { verifySignedPost } from "../../src/protocol/posts.ts";
import { makeSignedPrekey } from "../../src/protocol/prekeys.ts";
import { openMail } from "../../src/protocol/seal.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import type { SignedPost } from "../../src/state/views.ts";
import { sealed } from "../support/correspondent.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "../support/keys.ts";
import { ALICE, BOB, conversation, friends, goHome, newcomer, texts, until } from "../support/people.ts";
import { World } from "../support/world.ts";

afterEach(goHome);

const SLOT = "AAAAAAAAAAAAAAAAAAAAAA";

class Vault {
  readonly sign = newSignKey();
  readonly dh = newDhKey();
  readonly prekey = newDhKey();
  readonly machine: NewcomerPairing;
  /** Steps that came. */
  readonly steps: string[] = [];
  private readonly world: World;
  private readonly refuse: boolean;
  private readonly opened = new Map<Envelope, Letter>();

  constructor(world: World, refuse = false) {
    this.world = world;
    this.refuse = refuse;
    const self = { device: this.sign.public, dh: this.dh.public, name: "attic", role: "vault" as const };
    this.machine = new NewcomerPairing(sodium, self, systemRandom);
    world.slots.set(SLOT, { name: "", take: (envelope) => void this.take(envelope) });
  }

  private async take(envelope: Envelope): Promise<void> {
    const { step, payload } = envelope.data as { step: string; payload: unknown };
    this.steps.push(step);
    if (step === "abort") return;
    if (step === "certificate" && this.refuse) return this.say(envelope, ["abort", { code: "refused" }]);
    const answer = this.machine.receive(step, payload);
    if (answer !== null) await this.say(envelope, answer);
    if (this.machine.enrolment !== null) await this.say(envelope, this.machine.finish());
  }

  private async say(to: Envelope, [step, payload]: Message): Promise<void> {
    const draft = {
      from: to.from.site,
      to: to.from,
      type: "pair",
      fields: { slot: SLOT, step, payload },
      fromDevice: this.sign.public,
      toDevice: to.fromDevice,
      now: this.world.now(),
      ttl: 300,
      id: newId(systemRandom),
    };
    const { raw } = await makeEnvelope(draft, this.sign);
    this.world.connected.get(to.fromDevice)?.push(raw);
  }

  /** As a device: publishes its prekey, so that others can seal to it. */
  async publish(address: string): Promise<void> {
    const account = this.machine.enrolment?.certificate.account ?? "";
    const signed = await makeSignedPrekey(account, this.sign, this.prekey.public, this.world.now());
    this.world.account(address).prekeys.set(this.sign.public, { ...signed });
  }

  /** Opens what is in its mailbox, each letter once. */
  async letters(address: string): Promise<readonly Letter[]> {
    const { mailbox, list } = this.world.account(address);
    const senders = new Map(list?.devices.map((each) => [each.device, each.dh]));
    const held = {
      signed: async (wanted: string) => (wanted === this.prekey.public ? this.prekey : null),
      oneTime: async () => null,
    };
    const found: Letter[] = [];
    for (const mail of mailbox.get(this.sign.public) ?? []) {
      const dh = senders.get(mail.fromDevice);
      if (dh === undefined) continue;
      let letter = this.opened.get(mail);
      if (letter === undefined) {
        letter = readLetter((await openMail(sodium, mail, this.sign.public, this.dh, held, dh)).plaintext);
        this.opened.set(mail, letter);
      }
      found.push(letter);
    }
    return found;
  }

  /** Opens what is in its mailbox into a replica of the swarm. */
  async read(address: string, swarm: string): Promise<Replica> {
    const replica = new Replica(sodium, new MemoryEventStore(), swarm);
    for (const letter of await this.letters(address)) {
      if (letter.kind === "events" && letter.swarm === swarm)
        for (const each of letter.events) replica.add(each);
    }
    return replica;
  }

  /** Tells the own other devices. */
  async tell(address: string, letter: Bytes): Promise<void> {
    const device = { address: Address.parse(address), device: this.sign, dh: this.dh };
    await this.world.put(await sealed(this.world, device, address, letter));
  }
}

test("codes agree, the list grows by one, and the vault gets all there was and all that comes", async () => {
  const { world, alice, bob, swarm } = await friends();
  await alice.tab.send(swarm, "before the vault", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["before the vault"]));
  const vault = new Vault(world);
  await alice.tab.refreshVaults();
  expect(alice.tab.waitingVaults.value).toEqual([{ slot: SLOT, name: "", since: 0, role: "vault" }]);
  await alice.tab.pair(SLOT);
  await until(() => expect(alice.tab.pairing.value).toMatchObject({ step: "compare", name: "attic" }));
  expect(alice.tab.pairing.value.code).toMatch(/^[0-9]{6}$/);
  expect(alice.tab.pairing.value.code).toBe(vault.machine.code);

  await alice.tab.confirmPairing();
  await until(() => expect(alice.tab.pairing.value.step).toBe("done"));
  expect(world.account(ALICE).list?.number).toBe(2);
  expect(alice.tab.devices.value.map(({ role }) => role).sort()).toEqual(["root", "vault"]);
  expect(vault.machine.enrolment?.siteKey).toBe(world.siteKey.public);

  await alice.tab.send(swarm, "after the vault", null);
  await vault.publish(ALICE);
  await until(async () => {
    const replica = await vault.read(ALICE, swarm);
    const said = replica.displayOrder().flatMap(({ body }) => (body.text as string | undefined) ?? []);
    expect(said).toEqual(["before the vault", "after the vault"]);
    expect(replica.state.members.size).toBe(2);
  });
  await alice.tab.send(swarm, "and now", null);
  await until(async () => expect((await vault.read(ALICE, swarm)).heads.length).toBe(1));
  await until(async () => expect((await vault.read(ALICE, swarm)).store.count()).toBe(5));
});

test("what a peer sent to the browser only is passed on to the vault", async () => {
  const { world, alice, bob, swarm } = await friends();
  const vault = new Vault(world);
  await alice.tab.pair(SLOT);
  await until(() => expect(alice.tab.pairing.value.step).toBe("compare"));
  await alice.tab.confirmPairing();
  await until(() => expect(alice.tab.pairing.value.step).toBe("done"));
  await bob.tab.send(swarm, "sealed before the vault had a prekey", null);
  await until(() => expect(texts(alice.tab, swarm)).toHaveLength(1));
  await vault.publish(ALICE);
  await until(async () => expect((await vault.read(ALICE, swarm)).store.count()).toBe(3));
});

/** What the vault was told of posts: the text of each, from all its parts. */
async function postsOf(vault: Vault): Promise<readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const letter of await vault.letters(ALICE)) {
    if (letter.kind !== "post") continue;
    const known = parts.get(letter.id) ?? Array.from<string>({ length: letter.parts }).fill("");
    known[letter.part - 1] = letter.data;
    parts.set(letter.id, known);
  }
  const whole = [...parts.values()].filter((known) => !known.includes(""));
  return whole.map((known) => {
    const data = Buffer.concat(known.map((part) => b64decode(part)));
    return verifySignedPost(sodium, parse(new Uint8Array(data), 288_000)).text ?? "gone";
  });
}

async function postOf(tab: TabEngine, text: string | null): Promise<SignedPost> {
  const draft = { number: 1, title: "", tags: [], published: 1, text, attachments: [] };
  return tab.signPost({ id: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", ...draft });
}

test("a vault is told of every version of a post, and of those before it came", async () => {
  const { world, alice } = await friends();
  const { posts } = world.account(ALICE);
  for (const text of ["one", "two", "three", null, "five"]) posts.push(await postOf(alice.tab, text));
  await alice.tab.keepPost(await postOf(alice.tab, "told to nobody: there is no vault"));
  const vault = new Vault(world);
  await alice.tab.pair(SLOT);
  await until(() => expect(alice.tab.pairing.value.step).toBe("compare"));
  await alice.tab.confirmPairing();
  await until(() => expect(alice.tab.pairing.value.step).toBe("done"));
  const long = "é".repeat(60_000);
  await alice.tab.keepPost(await postOf(alice.tab, long));
  await vault.publish(ALICE);
  await until(async () =>
    expect([...(await postsOf(vault))].sort()).toEqual(["five", "gone", "one", "three", "two", long]),
  );
  await until(() => expect(alice.tab.connection.value.waiting).toBe(0));
  const parts = async () => (await vault.letters(ALICE)).filter(({ kind }) => kind === "post").length;
  const before = await parts();
  await alice.tab.keepPost(await postOf(alice.tab, "at once"));
  await until(async () => expect(await postsOf(vault)).toContain("at once"));
  expect(await parts()).toBe(before + 1);
});

test("how far one has read is told between own devices, and only goes forward", async () => {
  const { world, alice, bob, swarm } = await friends();
  const vault = new Vault(world);
  await alice.tab.pair(SLOT);
  await until(() => expect(alice.tab.pairing.value.step).toBe("compare"));
  await alice.tab.confirmPairing();
  await until(() => expect(alice.tab.pairing.value.step).toBe("done"));
  await vault.publish(ALICE);
  const said: string[] = [];
  for (const text of ["one", "two", "three"]) said.push(await bob.tab.send(swarm, text, null));
  const unread = () => conversation(alice.tab, swarm)?.unread;
  await until(() => expect(unread()).toBe(3));

  await vault.tell(ALICE, makeDisplayed(swarm, said[1] ?? ""));
  await until(() => expect(unread()).toBe(1));
  await vault.tell(ALICE, makeDisplayed(swarm, said[0] ?? ""));
  await until(() =>
    expect(world.waitingAt(ALICE)).toBe(world.account(ALICE).mailbox.get(vault.sign.public)?.length),
  );
  expect(unread()).toBe(1);

  await alice.tab.markRead(swarm);
  await until(async () => {
    const marks = (await vault.letters(ALICE)).flatMap((each) =>
      each.kind === "displayed" ? each.event : [],
    );
    expect(marks.at(-1)).toBe(said[2]);
  });
  expect(unread()).toBe(0);
  await alice.tab.send(swarm, "an answer", null);
  await bob.tab.send(swarm, "four", null);
  await until(() => expect(unread()).toBe(1));
});

test("a vault that refuses after the comparison is taken off the list again", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  new Vault(world, true);
  await tab.pair(SLOT);
  await until(() => expect(tab.pairing.value.step).toBe("compare"));
  await tab.confirmPairing();
  await until(() => expect(tab.pairing.value).toMatchObject({ step: "failed", fault: "refused" }));
  await until(() => expect(world.account(ALICE).list?.number).toBe(3));
  expect(world.account(ALICE).list?.devices).toHaveLength(1);
  await until(() => expect(tab.devices.value).toHaveLength(1));
});

test("giving up tells the vault and leaves the list as it was", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const vault = new Vault(world);
  await tab.pair(SLOT);
  await until(() => expect(tab.pairing.value.step).toBe("compare"));
  await tab.abortPairing();
  await until(() => expect(vault.steps.at(-1)).toBe("abort"));
  expect(tab.pairing.value.step).toBe("idle");
  expect(world.account(ALICE).list?.number).toBe(1);
});

test("a site that swaps the vault's keys is caught: what is revealed is not what was committed to", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const vault = new Vault(world);
  const { push } = world.connected.get(tab.identity.value.device ?? "") ?? { push: () => {} };
  const connection = world.connected.get(tab.identity.value.device ?? "");
  expect(connection).toBeDefined();
  const swapped = new Vault(world).sign;
  world.slots.set(SLOT, {
    name: "",
    take: async (envelope) => {
      const { step } = envelope.data as { step: string };
      const site = { from: Address.parse("localhost:8001"), to: envelope.from, type: "pair" };
      const common = { ...site, toDevice: envelope.fromDevice, now: world.now(), ttl: 300 };
      const nonce = "AAAAAAAAAAAAAAAAAAAAAA";
      const payload =
        step === "open"
          ? { commit: vault.sign.public }
          : { device: swapped.public, dh: vault.dh.public, name: "attic", nonce, role: "vault" };
      const fields = { slot: SLOT, step: step === "open" ? "commit" : "reveal", payload };
      if (step !== "open" && step !== "reveal") return;
      const draft = { ...common, fields, fromDevice: swapped.public, id: newId(systemRandom) };
      push((await makeEnvelope(draft, swapped)).raw);
    },
  });
  await tab.pair(SLOT);
  await until(() => expect(tab.pairing.value).toMatchObject({ step: "failed", fault: "pairing_commitment" }));
  expect(tab.pairing.value.code).toBeNull();
});

test("nobody else's account is touched", async () => {
  const { world } = await friends();
  expect(world.account(BOB).list?.number).toBe(1);
});
