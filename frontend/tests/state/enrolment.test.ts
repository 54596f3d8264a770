// First run, logins, and what a browser without keys may do.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { verifyPostedComment } from "../../src/protocol/comments.ts";
import { seedFromPhrase } from "../../src/protocol/phrase.ts";
import { WORDLIST } from "../../src/protocol/wordlist.ts";
import { openDatabase } from "../../src/storage/indexeddb.ts";
import { sodium } from "../support/keys.ts";
import { ALICE, goHome, green, newcomer, until } from "../support/people.ts";
import { Browser, World } from "../support/world.ts";

afterEach(goHome);

test("the words give back the account key, and no secret can be read out of the storage", async () => {
  const world = new World();
  const browser = new Browser(world);
  const tab = await browser.open(ALICE);
  const words = await until(() => tab.createAccount());
  expect(words).toHaveLength(24);
  expect(tab.identity.value.status).toBe("none");
  await tab.enrol();
  const { account, root, status } = tab.identity.value;
  expect({ root, status }).toEqual({ root: true, status: "ready" });
  expect(sodium.signPublic(seedFromPhrase(words.join(" "), WORDLIST))).toBe(account);
  expect(world.account(ALICE).list).toMatchObject({ account, number: 1 });
  await browser.close();

  const db = await openDatabase("alice");
  const row = await db.get("self", "self");
  db.close();
  expect([row?.root?.key, row?.device.key, row?.dh.key].map((key) => key?.extractable)).toEqual([
    false,
    false,
    false,
  ]);
});

test("nothing is kept before the words are confirmed", async () => {
  const world = new World();
  const browser = new Browser(world);
  const tab = await browser.open(ALICE);
  const first = await until(() => tab.createAccount());
  await browser.close();
  const again = await browser.open(ALICE);
  expect(again.identity.value.status).toBe("none");
  expect(await until(() => again.createAccount())).not.toEqual(first);
  await browser.close();
});

test("a list whose upload failed goes up later with the same keys", async () => {
  const world = new World();
  const browser = new Browser(world);
  const tab = await browser.open(ALICE);
  await until(() => tab.createAccount());
  const putList = world.putList.bind(world);
  world.putList = () => {
    throw new TypeError("no network");
  };
  await expect(tab.enrol()).rejects.toThrow("no network");
  expect(tab.identity.value.status).toBe("none");
  world.putList = putList;
  await tab.enrol();
  await green(tab);
  await browser.close();
});

test("the same after a reload in between", async () => {
  const world = new World();
  const browser = new Browser(world);
  const tab = await browser.open(ALICE);
  await until(() => tab.createAccount());
  const putList = world.putList.bind(world);
  world.putList = () => {
    throw new TypeError("no network");
  };
  await tab.enrol().catch(() => {});
  await browser.close();
  world.putList = putList;
  const again = await browser.open(ALICE);
  await green(again);
  expect(world.account(ALICE).list?.number).toBe(1);
  await browser.close();
});

test("a site that was made anew gets the account back from the browser that holds it", async () => {
  const world = new World();
  const { browser, tab } = await newcomer(world, ALICE);
  const { account } = tab.identity.value;
  await browser.close();
  const anew = new World();
  const other = new Browser(anew);
  const again = await other.open(ALICE);
  await green(again);
  expect(again.identity.value).toMatchObject({ status: "ready", account });
  expect(anew.account(ALICE).list?.account).toBe(account);
  await other.close();
});

test("a browser without keys is told so and does nothing private", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const account = tab.identity.value.account;
  await goHome();
  const browser = new Browser(world);
  const other = await browser.open(ALICE, account);
  await until(() => expect(other.identity.value.status).toBe("unlinked"));
  await expect(other.open("@bob@127.0.0.2:8002", null)).rejects.toMatchObject({ code: "no_keys" });
  await until(() => expect(other.createAccount()).rejects.toMatchObject({ code: "account_exists" }));
  expect(other.connection.value.light).toBe("red");
  await browser.close();
});

test("a comment is signed by the device for its account", async () => {
  const { tab } = await newcomer(new World(), ALICE);
  const post = "http://127.0.0.2:8002/@bob/hello";
  const signed = await tab.signComment({ post, name: "Alice", text: "Well said." });
  const comment = verifyPostedComment(sodium, signed);
  expect(comment).toMatchObject({ post, text: "Well said.", account: tab.identity.value.account });
  await expect(tab.signComment({ post, name: "Alice", text: "" })).rejects.toMatchObject({ code: "schema" });
});

test("one-time prekeys are topped up when the site says that few are left", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  const device = tab.identity.value.device ?? "";
  const { oneTime } = world.account(ALICE);
  await until(() => expect(oneTime.get(device)).toHaveLength(100));
  oneTime.set(device, oneTime.get(device)?.slice(0, 5) ?? []);
  const connection = world.connected.get(device);
  if (connection !== undefined) await world.tell(connection, "changed", { topic: "prekeys" });
  await until(() => expect(oneTime.get(device)).toHaveLength(105));
  expect(tab.changes.value).toEqual({ topic: "prekeys", number: 1 });
});
