// What others edit, delete and react to shows as the core says, in the conversation and in the list, after a reload too.
import "fake-indexeddb/auto";
import { deleteDB, openDB } from "idb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventId } from "../../src/protocol/swarm/events.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import type { MessageView } from "../../src/state/views.ts";
import { create, openDatabase } from "../../src/storage/indexeddb.ts";
import type { Schema } from "../../src/storage/records.ts";
import { Correspondent } from "../support/correspondent.ts";
import { ALICE, conversation, goHome, newcomer, until } from "../support/people.ts";
import type { Browser } from "../support/world.ts";
import { World } from "../support/world.ts";

let alice: { browser: Browser; tab: TabEngine };
let bob: Correspondent;
let swarm: string;

beforeEach(async () => {
  const world = new World();
  alice = await newcomer(world, ALICE);
  bob = await Correspondent.join(world, "@bob@example.org");
  swarm = await bob.ask(ALICE, alice.tab.identity.value.account ?? "");
  await until(() => expect(conversation(alice.tab, swarm)?.state).toBe("request"));
  await alice.tab.accept(swarm);
  await said("text", { text: "first", reply_to: null }); // what follows comes later than that she joined
});
afterEach(goHome);

function shown(tab: TabEngine): readonly MessageView[] {
  return tab.messages(swarm).value.filter(({ kind, text }) => kind === "text" && text !== "first");
}

/** Bob says it and Alice has it. */
async function said(type: string, body: Record<string, unknown>): Promise<string> {
  const wire = await bob.write(type, body);
  await bob.send(ALICE, [wire]);
  return eventId(wire.event);
}

test("an edit, a reaction, and a deletion, each with the list's preview", async () => {
  const first = await said("text", { text: "helo", reply_to: null });
  await until(() => expect(shown(alice.tab)).toMatchObject([{ text: "helo", edited: false }]));
  await said("edit", { target: first, text: "hello" });
  await until(() => expect(shown(alice.tab)).toMatchObject([{ text: "hello", edited: true }]));
  await until(() => expect(conversation(alice.tab, swarm)?.last?.text).toBe("hello"));

  const heart = await said("reaction", { target: first, emoji: "\u2764" });
  const reaction = { emoji: "\u2764", count: 1, ownEvents: [] };
  await until(() => expect(shown(alice.tab)[0]?.reactions).toEqual([reaction]));
  await said("delete", { target: heart });
  await until(() => expect(shown(alice.tab)[0]?.reactions).toEqual([]));

  await said("delete", { target: first });
  await until(() => expect(shown(alice.tab)).toMatchObject([{ text: null, deleted: true }]));
  await until(() => expect(conversation(alice.tab, swarm)?.last).toMatchObject({ id: first, deleted: true }));
  expect(conversation(alice.tab, swarm)?.unread).toBe(2);

  await alice.browser.close();
  const again = await alice.browser.open(ALICE);
  await until(() => expect(shown(again)).toMatchObject([{ text: null, deleted: true }]));
});

test("another's words are not edited, and content of a newer version is told as such", async () => {
  const own = await alice.tab.send(swarm, "mine", null);
  await said("edit", { target: own, text: "yours" });
  await said("poll", { question: "when?" });
  await until(() => expect(alice.tab.messages(swarm).value.at(-1)?.kind).toBe("newer-version"));
  expect(shown(alice.tab)).toMatchObject([{ text: "mine", edited: false }]);
});

test("one's own edit, reaction and deletion; what is not one's own is refused", async () => {
  const { tab } = alice;
  const theirs = await said("text", { text: "from Bob", reply_to: null });
  await until(() => expect(shown(tab)).toHaveLength(1));
  const own = await tab.send(swarm, "helo", null);
  await tab.edit(swarm, own, "hello");
  await until(() => expect(shown(tab).at(-1)).toMatchObject({ text: "hello", edited: true }));
  await expect(tab.edit(swarm, theirs, "changed")).rejects.toMatchObject({ code: "event_rights" });
  await expect(tab.remove(swarm, [theirs])).rejects.toMatchObject({ code: "event_rights" });
  await expect(tab.send(swarm, "about what?", swarm)).rejects.toMatchObject({ code: "event_id" });

  await tab.react(swarm, theirs, "\u2764");
  const reactions = () => shown(tab).at(0)?.reactions ?? [];
  await until(() => expect(reactions()).toMatchObject([{ emoji: "\u2764", count: 1 }]));
  await tab.remove(swarm, reactions()[0]?.ownEvents ?? []);
  await until(() => expect(reactions()).toEqual([]));
  await tab.remove(swarm, [own]);
  await until(() => expect(shown(tab).at(-1)).toMatchObject({ text: null, deleted: true }));
});

/** What this browser keeps of Alice, written anew as version 1 had it: no event knows its line. */
async function asVersion1(): Promise<void> {
  const name = "porchlight:alice";
  const db = await openDatabase("alice");
  const stores = [...db.objectStoreNames];
  const rows = await Promise.all(stores.map((store) => db.getAll(store)));
  db.close();
  await deleteDB(name);
  const written = await openDB<Schema>(name, 1, { upgrade: create });
  for (const [at, store] of stores.entries()) {
    for (const { line: _, ...row } of rows[at] as { line?: unknown }[])
      await written.put(store, row as never);
  }
  written.close();
}

test("what an earlier version stored is shown as before", async () => {
  const first = await said("text", { text: "helo", reply_to: null });
  await said("edit", { target: first, text: "hello" });
  await said("reaction", { target: first, emoji: "\u2764" });
  await said("text", { text: "second", reply_to: first });
  await until(() => expect(shown(alice.tab)).toMatchObject([{ text: "hello" }, { text: "second" }]));
  await until(() => expect(shown(alice.tab)[0]?.reactions).toHaveLength(1));
  const before = alice.tab.messages(swarm).value;
  await alice.browser.close();
  await asVersion1();

  const again = await alice.browser.open(ALICE);
  await until(() => expect(again.messages(swarm).value).toEqual(before));
  expect(conversation(again, swarm)?.last?.text).toBe("second");
  await said("delete", { target: first });
  await until(() => expect(shown(again)[0]).toMatchObject({ text: null, deleted: true }));
});
