/** Alice and Bob, each with a browser at a site of their own. */
import { expect, vi } from "vitest";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import type { ConversationView } from "../../src/state/views.ts";
import { Browser, World } from "./world.ts";

export const ALICE = "@alice@localhost:8001";
export const BOB = "@bob@127.0.0.2:8002";

const browsers: Browser[] = [];

/** Waits until it holds; fails with its own reason after fifteen seconds. */
export function until<T>(holds: () => T): Promise<T> {
  return vi.waitFor(holds, { timeout: 60_000, interval: 5 });
}

export async function green(tab: TabEngine): Promise<void> {
  await until(() => expect(tab.connection.value.light).toBe("green"));
}

/** A browser of its own for a member, who gets keys there. */
export async function newcomer(world: World, address: string): Promise<{ browser: Browser; tab: TabEngine }> {
  const browser = new Browser(world);
  browsers.push(browser);
  const tab = await browser.open(address);
  await until(() => expect(tab.identity.value.status).toBe("none"));
  await until(() => tab.createAccount());
  await tab.enrol();
  await green(tab);
  await until(() => expect(world.account(address).prekeys.size).toBe(1));
  return { browser, tab };
}

export async function twoPeople() {
  const world = new World();
  const alice = await newcomer(world, ALICE);
  const bob = await newcomer(world, BOB);
  return { world, alice, bob };
}

/** A conversation that Bob has accepted. */
export async function friends() {
  const people = await twoPeople();
  const { alice, bob } = people;
  const swarm = await alice.tab.open(BOB, null);
  await until(() => expect(conversation(bob.tab, swarm)?.state).toBe("request"));
  await bob.tab.accept(swarm);
  await until(() => expect(conversation(alice.tab, swarm)?.state).toBe("open"));
  return { ...people, swarm };
}

export function conversation(tab: TabEngine, swarm: string): ConversationView | undefined {
  return tab.conversations.value.find((one) => one.swarm === swarm);
}

export function texts(tab: TabEngine, swarm: string): (string | null)[] {
  return tab
    .messages(swarm)
    .value.filter(({ kind }) => kind === "text")
    .map(({ text }) => text);
}

export function marks(tab: TabEngine, swarm: string): (string | null)[] {
  return tab
    .messages(swarm)
    .value.filter(({ own, kind }) => own && kind === "text")
    .map(({ mark }) => mark);
}

/** For `afterEach`: ends every browser and forgets what they stored. */
export async function goHome(): Promise<void> {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
  for (const { name } of await indexedDB.databases()) {
    if (name !== undefined) indexedDB.deleteDatabase(name);
  }
}
