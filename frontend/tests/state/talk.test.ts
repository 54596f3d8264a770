// Two people, each with a browser, and a relay in memory.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import {
  ALICE,
  BOB,
  conversation,
  friends,
  goHome,
  green,
  marks,
  texts,
  twoPeople,
  until,
} from "../support/people.ts";

afterEach(goHome);

test("a request, an answer, and a message each way with its marks", async () => {
  const { alice, bob } = await twoPeople();
  const swarm = await alice.tab.open(BOB, "Bob");
  expect(conversation(alice.tab, swarm)).toMatchObject({ state: "asked", peer: { name: "Bob" } });
  await until(() => expect(conversation(bob.tab, swarm)?.state).toBe("request"));
  expect(conversation(bob.tab, swarm)?.peer).toMatchObject({ name: "ALICE", address: { text: ALICE } });

  await alice.tab.send(swarm, "before you answer", null);
  await until(() => expect(marks(alice.tab, swarm)).toEqual(["waiting"]));
  await bob.tab.accept(swarm);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["before you answer"]));
  await until(() => expect(marks(alice.tab, swarm)).toEqual(["delivered"]));

  await bob.tab.send(swarm, "hello yourself", null);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["before you answer", "hello yourself"]));
  await until(() => expect(marks(bob.tab, swarm)).toEqual(["delivered"]));
  expect(conversation(alice.tab, swarm)).toMatchObject({ state: "open", unread: 1 });
  await alice.tab.markRead(swarm);
  await until(() => expect(conversation(alice.tab, swarm)?.unread).toBe(0));
  expect(conversation(alice.tab, swarm)?.peer.safetyNumber).toBe(
    conversation(bob.tab, swarm)?.peer.safetyNumber,
  );
});

test("opening again finds the same conversation", async () => {
  const { alice, bob, swarm } = await friends();
  expect(await alice.tab.open(BOB, null)).toBe(swarm);
  expect(await bob.tab.open(ALICE, null)).toBe(swarm);
});

test("mail waits in the mailbox while somebody is away, and comes in order", async () => {
  const { world, alice, bob, swarm } = await friends();
  await bob.browser.close();
  const said = Array.from({ length: 40 }, (_, at) => `message ${at}`);
  for (const text of said) await alice.tab.send(swarm, text, null);
  await until(() => expect(new Set(marks(alice.tab, swarm))).toEqual(new Set(["sent"])));
  expect(world.waitingAt(BOB)).toBeGreaterThan(0);

  const again = await bob.browser.open(BOB);
  await until(() => expect(texts(again, swarm)).toEqual(said));
  await until(() => expect(world.waitingAt(BOB)).toBe(0));
  await until(() => expect(new Set(marks(alice.tab, swarm))).toEqual(new Set(["delivered"])));
});

test("after a reload both see the history, and go on with it", async () => {
  const { alice, bob, swarm } = await friends();
  await alice.tab.send(swarm, "one", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["one"]));
  await Promise.all([alice.browser.close(), bob.browser.close()]);

  const [a, b] = [await alice.browser.open(ALICE), await bob.browser.open(BOB)];
  expect(a.identity.value).toMatchObject({ status: "ready", root: true });
  await until(() => expect(texts(a, swarm)).toEqual(["one"]));
  await until(() => expect(texts(b, swarm)).toEqual(["one"]));
  await b.send(swarm, "two", null);
  await until(() => expect(texts(a, swarm)).toEqual(["one", "two"]));
});

test("what was written without a connection goes once there is one, after a reload too", async () => {
  const { world, alice, bob, swarm } = await friends();
  world.down = true;
  world.cut(ALICE);
  await until(() => expect(alice.tab.connection.value.light).toBe("red"));
  await alice.tab.send(swarm, "later", null);
  await until(() => expect(marks(alice.tab, swarm)).toEqual(["waiting"]));
  await alice.browser.close();
  world.down = false;
  const again = await alice.browser.open(ALICE);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["later"]));
  await until(() => expect(marks(again, swarm)).toEqual(["delivered"]));
});

test("two who ask each other at once keep both conversations, and open the same one again", async () => {
  const { alice, bob } = await twoPeople();
  const [a, b] = await Promise.all([alice.tab.open(BOB, null), bob.tab.open(ALICE, null)]);
  await until(() => {
    for (const tab of [alice.tab, bob.tab]) {
      expect(tab.conversations.value.map(({ state }) => state)).toEqual(["open", "open"]);
    }
  });
  await alice.tab.send(a, "in mine", null);
  await bob.tab.send(b, "in mine", null);
  await until(() => expect(texts(bob.tab, a)).toEqual(["in mine"]));
  await until(() => expect(texts(alice.tab, b)).toEqual(["in mine"]));
  const first = [a, b].sort()[0];
  expect(await alice.tab.open(BOB, null)).toBe(first);
  expect(await bob.tab.open(ALICE, null)).toBe(first);
});

test("a declined request is gone, and nobody is told", async () => {
  const { world, alice, bob } = await twoPeople();
  const swarm = await alice.tab.open(BOB, null);
  await until(() => expect(conversation(bob.tab, swarm)?.state).toBe("request"));
  const before = world.sent.length;
  await bob.tab.decline(swarm);
  await until(() => expect(conversation(bob.tab, swarm)?.state).toBe("declined"));
  expect(world.sent.slice(before).filter(({ type }) => type === "mail")).toEqual([]);
  expect(conversation(alice.tab, swarm)?.state).toBe("asked");
  await bob.browser.close();
  const again = await bob.browser.open(BOB);
  await until(() => expect(conversation(again, swarm)?.state).toBe("declined"));
});

test("a second tab shows the same and sends through the first; when that closes it leads", async () => {
  const { alice, bob, swarm } = await friends();
  const second = await alice.browser.open(ALICE);
  await green(second);
  await second.send(swarm, "from the second tab", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["from the second tab"]));
  await until(() => expect(texts(second, swarm)).toEqual(texts(alice.tab, swarm)));

  await alice.tab.stop();
  await green(second);
  await second.send(swarm, "alone now", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["from the second tab", "alone now"]));
});

test("a message to nobody fails with the reason, and goes when tried again", async () => {
  const { world, alice, bob, swarm } = await friends();
  const account = world.account(BOB);
  account.wrote.delete(ALICE); // as if Bob's site had forgotten that he answered
  const id = await alice.tab.send(swarm, "are you there", null);
  await until(() => expect(marks(alice.tab, swarm)).toEqual(["failed"]));
  expect(alice.tab.messages(swarm).value.find((one) => one.id === id)?.fault).toBe("refused");
  account.wrote.add(ALICE);
  await alice.tab.retry(id);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["are you there"]));
});
