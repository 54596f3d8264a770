// Who of one's contacts is here (SPEC 7.8): two people, each with a browser, and a relay in memory.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { makePresence } from "../../src/protocol/letters.ts";
import { ANSWER, EXPIRE, RENEW } from "../../src/protocol/swarm/presence.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import { Correspondent } from "../support/correspondent.ts";
import { ALICE, BOB, friends, goHome, green, texts, twoPeople, until } from "../support/people.ts";
import type { World } from "../support/world.ts";

afterEach(goHome);

const accountOf = (tab: TabEngine) => String(tab.identity.value.account);

async function sees(tab: TabEngine, ...others: TabEngine[]): Promise<void> {
  await until(() => expect(tab.here.value).toEqual(others.map(accountOf)));
}

function told(world: World, by: string): number {
  return world.sent.filter(({ type, from }) => type === "presence" && String(from) === by).length;
}

/** Everything that this side sent before has come. */
async function afterMail(from: TabEngine, to: TabEngine, swarm: string): Promise<void> {
  const text = `by now ${texts(to, swarm).length}`;
  await from.send(swarm, text, null);
  await until(() => expect(texts(to, swarm)).toContain(text));
}

test("contacts see each other once the request is accepted, after a reload too, and not once they leave", async () => {
  const { world, alice, bob } = await friends();
  await sees(alice.tab, bob.tab);
  await sees(bob.tab, alice.tab);

  await bob.browser.close();
  await sees(alice.tab);
  world.pass(ANSWER);
  const again = await bob.browser.open(BOB);
  await sees(alice.tab, again);
  await sees(again, alice.tab);
});

test("whoever asks and was not accepted yet tells nothing and learns nothing", async () => {
  const { world, alice, bob } = await twoPeople();
  const swarm = await alice.tab.open(BOB, null);
  await until(() => expect(bob.tab.conversations.value).toHaveLength(1));
  await alice.tab.lightChanged();
  await bob.tab.lightChanged();
  expect([told(world, ALICE), told(world, BOB)]).toEqual([0, 0]);
  await bob.tab.decline(swarm);
  await bob.tab.lightChanged();
  expect(told(world, BOB)).toBe(0);
});

test("a light goes out by itself where nothing more is heard, and stays on where it is renewed", async () => {
  const { world, alice, bob } = await friends();
  await sees(alice.tab, bob.tab);
  for (const _ of [1, 2, 3]) {
    const before = told(world, BOB);
    world.pass(RENEW);
    await until(() => expect(told(world, BOB)).toBeGreaterThan(before));
  }
  await sees(alice.tab, bob.tab);

  world.connected.delete(String(bob.tab.identity.value.device)); // the power went
  world.pass(EXPIRE);
  await sees(alice.tab);
});

test("who hides the light goes from sight, tells nobody and answers nobody, and still sees the others", async () => {
  const { world, alice, bob, swarm } = await friends();
  await sees(alice.tab, bob.tab);
  world.hidden.add(BOB);
  await bob.tab.lightChanged();
  await sees(alice.tab);
  const before = told(world, BOB);
  await alice.tab.lightChanged();
  await afterMail(alice.tab, bob.tab, swarm);
  await afterMail(bob.tab, alice.tab, swarm);
  expect(told(world, BOB)).toBe(before);
  await sees(bob.tab, alice.tab);

  world.hidden.delete(BOB);
  await bob.tab.lightChanged();
  await sees(alice.tab, bob.tab);
});

test("to somebody who is about to be blocked the light goes out at once, and to nobody else", async () => {
  const { alice, bob } = await friends();
  await sees(bob.tab, alice.tab);
  await alice.tab.hideFrom("@carol@other.example");
  await alice.tab.hideFrom(BOB);
  await sees(bob.tab);
  await sees(alice.tab, bob.tab);
});

test("without a connection nobody is known to be here", async () => {
  const { world, alice, bob } = await friends();
  await sees(alice.tab, bob.tab);
  world.cut(ALICE);
  await until(() => expect(alice.tab.here.value).toEqual([]));
  world.pass(ANSWER);
  alice.tab.reconnect();
  await green(alice.tab);
  await sees(alice.tab, bob.tab);
});

test("every tab of a browser shows it", async () => {
  const { alice, bob } = await friends();
  await sees(alice.tab, bob.tab);
  await sees(await alice.browser.open(ALICE), bob.tab);
});

test("a stranger's word, a mailed one and a box with a one-time prekey have no effect", async () => {
  const { world, alice, bob, swarm } = await friends();
  await sees(alice.tab, bob.tab);
  const mallory = await Correspondent.join(world, "@mallory@localhost:8001");
  const push = (raw: Awaited<ReturnType<Correspondent["compose"]>>["raw"]) =>
    world.connected.get(String(alice.tab.identity.value.device))?.push(raw);
  const word = makePresence(true, true);
  push((await mallory.compose(ALICE, word, "presence")).raw);
  await mallory.ask(ALICE, accountOf(alice.tab));
  push((await mallory.compose(ALICE, word, "presence")).raw);
  const asked = () => alice.tab.conversations.value.find(({ state }) => state === "request");
  await until(() => expect(asked()).toBeDefined());
  await alice.tab.accept(String(asked()?.swarm));
  await mallory.mail(ALICE, word);
  push((await mallory.compose(ALICE, word, "presence")).raw); // claims one-time prekeys, as mail does
  await afterMail(bob.tab, alice.tab, swarm);
  await sees(alice.tab, bob.tab);

  world.account(ALICE).oneTime.clear();
  push((await mallory.compose(ALICE, word, "presence")).raw);
  const both = [accountOf(bob.tab), mallory.account.public].sort();
  await until(() => expect(alice.tab.here.value).toEqual(both));
});
