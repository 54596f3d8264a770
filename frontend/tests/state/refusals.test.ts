// What must not get in: nothing of it is stored, and the honest rest goes on.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canonical } from "../../src/protocol/canonical.ts";
import { utf8 } from "../../src/protocol/encoding.ts";
import { readEnvelope } from "../../src/protocol/envelope.ts";
import { makeEvents, makeMissing, makeWithdrawn } from "../../src/protocol/letters.ts";
import type { Revocation } from "../../src/protocol/revocations.ts";
import { makeRevocation } from "../../src/protocol/revocations.ts";
import type { SignedWire } from "../../src/protocol/swarm/events.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import { openDatabase } from "../../src/storage/indexeddb.ts";
import { Correspondent } from "../support/correspondent.ts";
import { newDhKey } from "../support/keys.ts";
import { ALICE, conversation, goHome, green, newcomer, texts, until } from "../support/people.ts";
import type { Browser } from "../support/world.ts";
import { World } from "../support/world.ts";

const MALLORY = "@mallory@example.org";
let world: World;
let alice: { browser: Browser; tab: TabEngine };
let mallory: Correspondent;
let swarm: string;

beforeEach(async () => {
  world = new World();
  alice = await newcomer(world, ALICE);
  mallory = await Correspondent.join(world, MALLORY);
  swarm = await mallory.ask(ALICE, alice.tab.identity.value.account ?? "");
  await until(() => expect(conversation(alice.tab, swarm)?.state).toBe("request"));
  await alice.tab.accept(swarm);
  await until(() => expect(world.waitingAt(MALLORY)).toBeGreaterThan(0));
});
afterEach(goHome);

/** Every mail was judged and acked. */
const judged = () => until(() => expect(world.waitingAt(ALICE)).toBe(0));

async function stored(store: "events" | "parked" | "swarms" | "taken"): Promise<number> {
  const db = await openDatabase("alice");
  const count = await db.count(store);
  db.close();
  return count;
}

test("the honest way works", async () => {
  await mallory.send(ALICE, [await mallory.say("hello")]);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["hello"]));
});

test("an event with another text than was signed is refused with all of its letter", async () => {
  const good = await mallory.say("good");
  const bad = await mallory.say("bad");
  const forged: SignedWire = { ...bad, event: { ...bad.event, body: { text: "worse", reply_to: null } } };
  const before = await stored("events");
  await mallory.send(ALICE, [good, forged]);
  await judged();
  expect(await stored("events")).toBe(before);
  expect(await stored("parked")).toBe(0);
  await mallory.send(ALICE, [good, bad]);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["good", "bad"]));
});

test("a stranger cannot write into a conversation", async () => {
  const eve = await Correspondent.join(world, "@eve@example.org");
  const theirs = await mallory.say("between us");
  const before = await stored("events");
  await eve.mail(ALICE, makeEvents(swarm, [theirs]));
  await judged();
  await mallory.send(ALICE, [await mallory.say("second")]);
  await until(() => expect(world.waitingAt(ALICE)).toBe(0));
  expect(await stored("events")).toBe(before);
});

test("the same envelope twice has its effect once", async () => {
  const envelope = await mallory.send(ALICE, [await mallory.say("once")]);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["once"]));
  await judged();
  const before = await stored("taken");
  await world.put(envelope);
  await judged();
  expect(await stored("taken")).toBe(before);
  expect(texts(alice.tab, swarm)).toEqual(["once"]);
  expect(conversation(alice.tab, swarm)?.unread).toBe(1);
});

test("the same events in another envelope change nothing either", async () => {
  const event = await mallory.say("once");
  await mallory.send(ALICE, [event]);
  await mallory.send(ALICE, [event]);
  await judged();
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["once"]));
  expect(conversation(alice.tab, swarm)?.unread).toBe(1);
});

test("an event whose parent is not here waits, is asked for, and shows once it comes", async () => {
  const [first, second] = [await mallory.say("first"), await mallory.say("second")];
  const mails = world.sent.length;
  await mallory.send(ALICE, [second]);
  await judged();
  expect(texts(alice.tab, swarm)).toEqual([]);
  expect(await stored("parked")).toBe(1);
  await until(() =>
    expect(world.sent.slice(mails).filter(({ type }) => type === "mail").length).toBeGreaterThan(0),
  );
  await mallory.send(ALICE, [first]);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["first", "second"]));
  expect(await stored("parked")).toBe(0);
});

test("a box made with another identity key than the certificate names is refused", async () => {
  const event = await mallory.say("not me");
  const before = await stored("events");
  const own = mallory.dh;
  mallory.dh = newDhKey();
  await mallory.send(ALICE, [event]);
  await judged();
  expect(await stored("events")).toBe(before);
  mallory.dh = own;
  await mallory.send(ALICE, [event]);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["not me"]));
});

test("an envelope changed on its way is refused, and does not stand in the way of the true one", async () => {
  const event = await mallory.say("as it was");
  const before = await stored("events");
  const good = await mallory.compose(ALICE, makeEvents(swarm, [event]));
  const data = { ...good.data, time: good.time + 1 };
  const wire = { from: good.from.wire(), to: good.to.wire(), type: good.type, data };
  await world.put(readEnvelope(canonical(wire)));
  await judged();
  expect(await stored("events")).toBe(before);
  await world.put(good);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["as it was"]));
});

test("a request is taken back by whoever sent it, while it waits", async () => {
  const eve = await Correspondent.join(world, "@eve@example.org");
  const asked = await eve.ask(ALICE, alice.tab.identity.value.account ?? "");
  await until(() => expect(conversation(alice.tab, asked)?.state).toBe("request"));
  await mallory.mail(ALICE, makeWithdrawn(asked));
  await judged();
  expect(conversation(alice.tab, asked)?.state).toBe("request");
  await eve.mail(ALICE, makeWithdrawn(asked));
  await until(() => expect(conversation(alice.tab, asked)?.state).toBe("declined"));
  await mallory.mail(ALICE, makeWithdrawn(swarm));
  await judged();
  expect(conversation(alice.tab, swarm)?.state).toBe("open");
});

test("a letter that is none, and a question by a stranger, are refused", async () => {
  const eve = await Correspondent.join(world, "@eve@example.org");
  const sent = world.sent.length;
  await mallory.mail(ALICE, utf8('{"kind":"surprise"}'));
  await eve.mail(ALICE, makeMissing(swarm, [swarm]));
  await judged();
  const answers = world.sent
    .slice(sent)
    .filter(({ type, to }) => type === "mail" && String(to) === String(eve.address));
  expect(answers).toEqual([]);
});

test("mail whose sender cannot be looked up now is kept sealed and opened later", async () => {
  const later = await Correspondent.join(world, "@later@example.org");
  world.unreachable.add("@later@example.org");
  const asked = await later.ask(ALICE, alice.tab.identity.value.account ?? "");
  await judged();
  expect(conversation(alice.tab, asked)).toBeUndefined();
  world.unreachable.clear();
  await alice.browser.close();
  const tab = await alice.browser.open(ALICE);
  await until(() => expect(conversation(tab, asked)?.state).toBe("request"));
});

test("an address that names another account key warns, and its mail waits until that is accepted", async () => {
  const other = await Correspondent.join(world, MALLORY);
  const asked = await other.ask(ALICE, alice.tab.identity.value.account ?? "");
  await until(() => expect(conversation(alice.tab, swarm)?.peer.changedKey).toBe(true));
  await judged();
  expect(conversation(alice.tab, asked)).toBeUndefined();
  await expect(alice.tab.open(MALLORY, null)).rejects.toMatchObject({ code: "changed_key" });

  await alice.tab.acceptNewKey(MALLORY);
  await until(() => expect(conversation(alice.tab, asked)?.state).toBe("request"));
  await until(() =>
    expect(conversation(alice.tab, swarm)?.peer).toMatchObject({ changedKey: false, former: true }),
  );
  await expect(alice.tab.send(swarm, "only for the old account", null)).rejects.toMatchObject({
    code: "changed_key",
  });
});

/** What is remembered of Mallory's. */
async function revocations(): Promise<readonly Revocation[]> {
  const db = await openDatabase("alice");
  const contact = await db.get("contacts", MALLORY);
  db.close();
  return contact?.revocations ?? [];
}

test("a revoked device is sealed to and believed no more, though its list still names it and its site forgets", async () => {
  const names = { account: mallory.account.public, device: mallory.device.public, vault: null };
  world.account(MALLORY).told = { revocations: [await makeRevocation(mallory.account, names, world.now())] };
  const waiting = world.waitingAt(MALLORY);
  world.pass(120_000);
  await alice.tab.send(swarm, "are you there?", null);
  await until(async () => expect(await revocations()).toHaveLength(1));
  const events = await stored("events");
  const still = await mallory.say("still me");
  await mallory.send(ALICE, [still]);
  await judged();
  expect(await stored("events")).toBe(events);
  world.account(MALLORY).told = {};
  await alice.browser.close();
  const back = await alice.browser.open(ALICE);
  await green(back);
  world.pass(120_000);
  await mallory.send(ALICE, [still, await mallory.say("and again")]);
  await judged();
  expect(await stored("events")).toBe(events);
  expect(world.waitingAt(MALLORY)).toBe(waiting);
});
