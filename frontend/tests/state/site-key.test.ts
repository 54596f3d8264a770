// A site that changes its key, with its old key's word for it and without (SPEC 4.5).
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { Address } from "../../src/protocol/addresses.ts";
import { canonical } from "../../src/protocol/canonical.ts";
import { sign } from "../../src/protocol/keys.ts";
import type { SignKey } from "../../src/protocol/ports.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import { newDhKey, newSignKey } from "../support/keys.ts";
import { ALICE, BOB, friends, goHome, green, newcomer, texts, until } from "../support/people.ts";
import { World } from "../support/world.ts";

afterEach(goHome);

/** Alice's browser, which knows her site by its first key; then the site restarts with another one. */
async function changed(vouching: (old: SignKey, fresh: SignKey, world: World) => Promise<object[]>) {
  const world = new World();
  const alice = await newcomer(world, ALICE);
  const old = world.siteKey;
  await until(() => expect(alice.tab.identity.value.siteKey).toBe(old.public));
  const fresh = newSignKey();
  world.document = await document(world, fresh, await vouching(old, fresh, world));
  world.siteKey = fresh;
  await dialAnew(world, ALICE, alice.tab);
  return { world, alice, old, fresh };
}

async function dialAnew(world: World, address: string, tab: TabEngine): Promise<void> {
  world.cut(address);
  await until(() => expect(tab.connection.value.light).not.toBe("green"));
  tab.reconnect();
}

const at = (address: string) => {
  const { ip, port } = Address.parse(address);
  return { v: 1, suite: "PL1", ip, port };
};

async function document(world: World, key: SignKey, rotations: readonly object[], of = ALICE) {
  const said = { ...at(of), key: key.public, dh: newDhKey().public, time: world.now(), rotations };
  return canonical(await sign("site-document", said, key));
}

function rotation(world: World, old: SignKey, fresh: SignKey, of = ALICE): Promise<object> {
  return sign("site-rotation", { ...at(of), old: old.public, new: fresh.public, time: world.now() }, old);
}

test("a key that the old one vouches for is taken without alarm, also across a key in between", async () => {
  const between = newSignKey();
  const { alice, fresh } = await changed(async (old, next, world) => [
    await rotation(world, old, between),
    await rotation(world, between, next),
  ]);
  const faults: (string | null)[] = [];
  const stop = alice.tab.connection.subscribe(({ fault }) => faults.push(fault));
  await green(alice.tab);
  stop();
  expect(faults).not.toContain("site_key");
  expect(alice.tab.identity.value.siteKey).toBe(fresh.public);
  await alice.browser.close();
  await green(await alice.browser.open(ALICE));
});

test("a conversation goes on after it", async () => {
  const { world, alice, bob, swarm } = await friends();
  const [old, fresh] = [world.siteKey, newSignKey()];
  const both = [ALICE, BOB].map((of) => rotation(world, old, fresh, of));
  world.document = await document(world, fresh, [await both[0]] as object[]);
  world.siteKey = fresh;
  await dialAnew(world, ALICE, alice.tab);
  await green(alice.tab);
  world.document = await document(world, fresh, [await both[1]] as object[], BOB);
  await dialAnew(world, BOB, bob.tab);
  await green(bob.tab);
  await alice.tab.send(swarm, "still the same house", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["still the same house"]));
});

test.each<[string, Parameters<typeof changed>[0]]>([
  ["without a word", async () => []],
  ["vouched for by itself", async (_, fresh, world) => [await rotation(world, fresh, fresh)]],
  [
    "by a statement that the old key did not sign",
    async (old, fresh, world) => [{ ...(await rotation(world, newSignKey(), fresh)), old: old.public }],
  ],
  [
    "by a statement about another site",
    async (old, fresh, world) => [await rotation(world, old, fresh, BOB)],
  ],
])("another key %s stays an alarm", async (_, vouching) => {
  const { world, alice, old } = await changed(vouching);
  await until(() => expect(alice.tab.connection.value).toMatchObject({ light: "red", fault: "site_key" }));
  expect(alice.tab.identity.value.siteKey).toBe(old.public);
  world.siteKey = old;
  alice.tab.reconnect();
  await green(alice.tab);
});

test("a document of another key than the one proved changes nothing that counts", async () => {
  const { world, alice, old, fresh } = await changed(async () => []);
  await until(() => expect(alice.tab.connection.value.fault).toBe("site_key"));
  const named = newSignKey();
  world.document = await document(world, named, [await rotation(world, old, named)]);
  alice.tab.reconnect();
  await until(() => expect(alice.tab.identity.value.siteKey).toBe(named.public));
  await until(() => expect(alice.tab.connection.value).toMatchObject({ light: "red", fault: "site_key" }));
  expect(alice.tab.identity.value.siteKey).not.toBe(fresh.public);
});
