// A second browser comes to be one of the account, by code, ticket or phrase, and is taken off again.
import "fake-indexeddb/auto";
import { effect } from "@preact/signals";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, expect, test } from "vitest";
import { makeCertificate, makeDeviceList } from "../../src/protocol/certificates.ts";
import { phraseFromSeed } from "../../src/protocol/phrase.ts";
import { WORDLIST } from "../../src/protocol/wordlist.ts";
import type { TabEngine } from "../../src/state/engine/tab.ts";
import { newDhKey, newSignKey, signKey as plainKey, systemRandom } from "../support/keys.ts";
import {
  ALICE,
  BOB,
  conversation,
  friends,
  goHome,
  green,
  marks,
  newcomer,
  texts,
  until,
} from "../support/people.ts";
import { Browser, World } from "../support/world.ts";

const browsers: Browser[] = [];

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
  await goHome();
});

/** Another browser of Alice, with a storage of its own. */
async function second(world: World): Promise<{ browser: Browser; tab: TabEngine }> {
  globalThis.indexedDB = new IDBFactory();
  const browser = new Browser(world);
  browsers.push(browser);
  const tab = await browser.open(ALICE);
  await until(() => expect(tab.identity.value.status).toBe("unlinked"));
  return { browser, tab };
}

/** Both wait for the code. */
async function codes(holder: TabEngine, guest: TabEngine): Promise<void> {
  await guest.waitForLink("Phone");
  await until(() => expect(guest.link.value.step).toBe("waiting"));
  await holder.refreshVaults();
  const [waiting] = holder.waitingVaults.value;
  expect(waiting?.role).toBe("member");
  await holder.pair(waiting?.slot ?? "");
  await until(() =>
    expect([holder.pairing.value.step, guest.link.value.step]).toEqual(["compare", "compare"]),
  );
}

test("a browser is linked by comparing codes and has the conversations", async () => {
  const { world, alice, swarm } = await friends();
  await alice.tab.send(swarm, "before", null);
  const { tab } = await second(world);
  await codes(alice.tab, tab);
  expect(tab.link.value.code).toBe(alice.tab.pairing.value.code);
  expect(alice.tab.pairing.value.name).toBe("Phone");

  await alice.tab.confirmPairing();
  expect(tab.identity.value.status).toBe("unlinked");
  const left = effect(() => {
    if (tab.identity.value.status === "ready") void tab.abortLink();
  });
  await tab.confirmLink();

  await until(() => expect(tab.identity.value).toMatchObject({ status: "ready", root: false }));
  left();
  expect(world.named.get(String(tab.identity.value.device))).toBe("Phone");
  await until(() => expect(texts(tab, swarm)).toEqual(["before"]));
  await tab.send(swarm, "from the phone", null);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["before", "from the phone"]));
  expect(
    world
      .account(ALICE)
      .list?.devices.map(({ role }) => role)
      .sort(),
  ).toEqual(["member", "root"]);
});

test("a scanned ticket asks only the person who scanned it", async () => {
  const world = new World();
  const alice = await newcomer(world, ALICE);
  const { tab } = await second(world);
  await tab.waitForLink("Phone");
  await until(() => expect(tab.link.value.ticket).toMatch(/^PL1\./));
  await expect(alice.tab.pairByTicket("PL1.nothing")).rejects.toMatchObject({ code: "bad_ticket" });
  await alice.tab.pairByTicket(tab.link.value.ticket ?? "");
  await until(() => expect(alice.tab.pairing.value.step).toBe("compare"));
  await until(() => expect(tab.link.value.code).toBe(alice.tab.pairing.value.code));
  expect(world.account(ALICE).list?.devices).toHaveLength(1);
  await alice.tab.confirmPairing();
  await until(() => expect(tab.identity.value.status).toBe("ready"));
  await until(() => expect(alice.tab.pairing.value.step).toBe("done"));
});

test("codes that differ for one of both leave nothing behind", async () => {
  const world = new World();
  const alice = await newcomer(world, ALICE);
  const { tab } = await second(world);
  await codes(alice.tab, tab);
  await tab.abortLink();
  await until(() => expect(alice.tab.pairing.value).toMatchObject({ step: "failed", fault: "refused" }));
  expect(world.account(ALICE).list?.number).toBe(1);

  await codes(alice.tab, tab);
  await alice.tab.confirmPairing();
  await tab.abortLink();
  await until(() => expect(world.account(ALICE).list?.devices).toHaveLength(1));
  expect(tab.identity.value.status).toBe("unlinked");
});

test("the phrase makes a browser hold the account key, and may revoke what is lost", async () => {
  const world = new World();
  const browser = new Browser(world);
  browsers.push(browser);
  const first = await browser.open(ALICE);
  const words = (await until(() => first.createAccount())).join(" ");
  await first.enrol();
  await green(first);
  const lost = first.identity.value.device ?? "";

  const { tab } = await second(world);
  await expect(tab.linkByPhrase("one two three", false)).rejects.toMatchObject({
    code: "recovery_phrase",
  });
  await tab.linkByPhrase(words, false);
  await until(() => expect(tab.identity.value).toMatchObject({ status: "ready", root: true }));
  expect(world.account(ALICE).list?.devices).toHaveLength(2);

  const third = await second(world);
  await third.tab.linkByPhrase(words, true);
  await green(third.tab);
  expect(world.account(ALICE).list).toMatchObject({ number: 3, devices: [{ role: "root" }] });
  const revoked = world.account(ALICE).told.revocations as { device: string }[];
  expect(revoked.map(({ device }) => device)).toContain(lost);
  await until(() => expect(first.connection.value).toMatchObject({ light: "red", fault: "refused" }));
});

test("the words of another account change nothing", async () => {
  const world = new World();
  const other = new Browser(world);
  browsers.push(other);
  const bob = await other.open("@bob@localhost:8001");
  const words = (await until(() => bob.createAccount())).join(" ");
  await newcomer(world, ALICE);
  const { tab } = await second(world);
  await expect(tab.linkByPhrase(words, true)).rejects.toMatchObject({ code: "other_phrase" });
  expect(world.account(ALICE).list?.number).toBe(1);
});

test("a revoked browser is cut off, and its next start finds nothing private", async () => {
  const { world, alice, bob, swarm } = await friends();
  const { browser, tab } = await second(world);
  await codes(alice.tab, tab);
  await Promise.all([alice.tab.confirmPairing(), tab.confirmLink()]);
  await green(tab);
  await until(() => expect(conversation(tab, swarm)?.state).toBe("open"));
  const gone = tab.identity.value.device ?? "";

  await alice.tab.revoke(gone);

  await until(() => expect(tab.connection.value).toMatchObject({ light: "red", fault: "refused" }));
  await until(() => expect(alice.tab.devices.value.map(({ device }) => device)).not.toContain(gone));
  world.pass(61_000);
  await bob.tab.send(swarm, "only for Alice", null);
  await until(() => expect(texts(alice.tab, swarm)).toEqual(["only for Alice"]));
  const last = world.sent.filter(({ type }) => type === "mail").at(-1);
  expect(Object.keys((last?.data.wraps ?? {}) as object)).not.toContain(gone);

  await browser.close();
  const again = await browser.open(ALICE);
  await until(() => expect(again.identity.value.status).toBe("unlinked"));
  expect(again.conversations.value).toEqual([]);
});

test("the browser vouches, says again what its site forgot, and alarms", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const account = world.account(ALICE);
  await until(() => expect(account.told.freshness).toMatchObject({ number: 1 }));
  const old = account.list;
  const { tab: guest } = await second(world);
  await codes(tab, guest);
  await Promise.all([tab.confirmPairing(), guest.confirmLink()]);
  await green(guest);

  account.list = old;
  const here = world.connected.get(tab.identity.value.device ?? "");
  if (here !== undefined) await world.tell(here, "changed", { topic: "devices" });
  await until(() => expect(tab.identity.value.fault).toBe("device_list_stale"));
  const vouched = world.sent.filter(({ type }) => type === "vouch").at(-1);
  expect(vouched?.data.list).toMatchObject({ number: 2 });
});

test("without phrase and devices an account is given up; its people are warned and send nothing until they accept", async () => {
  const { world, alice, bob, swarm } = await friends();
  await alice.tab.send(swarm, "before", null);
  await until(() => expect(texts(bob.tab, swarm)).toEqual(["before"]));
  const old = alice.tab.identity.value.account;
  await expect(alice.tab.abandon("alice")).rejects.toMatchObject({ code: "account_exists" });
  const { tab } = await second(world);
  await tab.abandon("alice");
  await until(() => expect(tab.identity.value.status).toBe("none"));
  await tab.createAccount();
  await tab.enrol();
  await green(tab);
  expect(tab.identity.value.account).not.toBe(old);

  const asked = await tab.open(BOB, null);
  await until(() =>
    expect(conversation(bob.tab, swarm)?.peer).toMatchObject({ changedKey: true, former: false }),
  );
  await bob.tab.send(swarm, "not for whoever that is", null);
  await until(() => expect(marks(bob.tab, swarm).at(-1)).toBe("failed"));
  expect(conversation(bob.tab, asked)).toBeUndefined();
  expect(texts(bob.tab, swarm)).toEqual(["before", "not for whoever that is"]);

  await bob.tab.acceptNewKey(ALICE);
  await until(() => expect(conversation(bob.tab, asked)?.state).toBe("request"));
  await until(() =>
    expect(conversation(bob.tab, swarm)?.peer).toMatchObject({ changedKey: false, former: true }),
  );
  await expect(bob.tab.send(swarm, "too late", null)).rejects.toMatchObject({ code: "changed_key" });
  await bob.tab.accept(asked);
  await bob.tab.send(asked, "hello again", null);
  await until(() => expect(texts(tab, asked)).toEqual(["hello again"]));
});

test("the sixteenth device is the last, by the phrase too, until the others are given up", async () => {
  const world = new World();
  const seed = systemRandom.bytes(32);
  const account = plainKey(seed);
  const certificates = await Promise.all(
    Array.from({ length: 16 }, () => {
      const names = { device: newSignKey().public, dh: newDhKey().public, role: "root" as const };
      return makeCertificate(account, names, world.now());
    }),
  );
  world.putList(ALICE, await makeDeviceList(account, 1, certificates, world.now()));
  const { tab } = await second(world);
  const words = phraseFromSeed(seed, WORDLIST).map((word, at) => `${at + 1}. ${word}`);
  await expect(tab.linkByPhrase(words.join("\n"), false)).rejects.toMatchObject({ code: "devices_full" });
  await tab.linkByPhrase(words.join("\n"), true);
  await green(tab);
  expect(world.account(ALICE).list?.devices).toHaveLength(1);
});
