// Prekeys over the weeks: replaced, kept, erased once the mailbox was seen empty; who is away gets no mail.
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/storage/indexeddb.ts";
import { ALICE, BOB, friends, goHome, green, newcomer, texts, until } from "../support/people.ts";
import { World } from "../support/world.ts";

afterEach(goHome);

const DAY = 86_400_000;
const TEN_MINUTES = 600_000;

/** The signed prekeys whose private halves Alice's browser holds. */
async function held(): Promise<string[]> {
  const db = await openDatabase("alice");
  const rows = await db.getAll("prekeys");
  db.close();
  return rows.filter(({ kind }) => kind === "signed").map((row) => row.public);
}

/** Lets time pass, ten minutes at once and then as long as a question may take to be answered, until it holds. */
async function comes(world: World, holds: () => unknown): Promise<void> {
  await vi.waitFor(
    async () => {
      world.pass(TEN_MINUTES);
      await vi.waitFor(holds, { timeout: 500, interval: 5 });
    },
    { timeout: 60_000, interval: 5 },
  );
}

test("a browser that stays open replaces its signed prekey weekly and erases the old one 30 days later", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const device = tab.identity.value.device ?? "";
  const published = () => world.account(ALICE).prekeys.get(device)?.key as string;
  const first = published();
  world.pass(6 * DAY);
  await until(async () => expect(await held()).toEqual([first]));
  world.pass(DAY);
  await comes(world, () => expect(published()).not.toBe(first));
  const second = published();
  expect((await held()).sort()).toEqual([first, second].sort());
  world.pass(29 * DAY);
  await comes(world, () => expect(published()).not.toBe(second));
  expect(await held()).toContain(first);
  world.pass(DAY);
  await comes(world, async () => expect(await held()).not.toContain(first));
  expect(await held()).toContain(second);
});

test("nobody seals to a device that was away for 30 days; what is owed goes out when it is back", async () => {
  const { world, alice, bob, swarm } = await friends();
  await bob.browser.close();
  world.pass(31 * DAY);
  await until(() => expect(alice.tab.connection.value.light).toBe("green"));
  const before = world.sent.length;
  await alice.tab.send(swarm, "Are you back?", null);
  const sent = (type: string) => world.sent.slice(before).filter((each) => each.type === type);
  await comes(world, () => expect(sent("keys").length).toBeGreaterThan(3));
  expect(sent("mail").filter(({ to }) => String(to) === BOB)).toEqual([]);
  const back = await bob.browser.open(BOB);
  await green(back);
  await comes(world, () => expect(texts(back, swarm)).toContain("Are you back?"));
});
