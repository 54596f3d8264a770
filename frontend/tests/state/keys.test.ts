// How each key stands: what is fine, what waits, what is refused; and what a site that lies about devices can reach: nothing.
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { makeCertificate, makeDeviceList } from "../../src/protocol/certificates.ts";
import type { OwnDevice } from "../../src/state/devices.ts";
import { DARK } from "../../src/state/engine/light.ts";
import { accountLine, contactLine, deviceLine, siteLine, stockLine } from "../../src/state/keys.ts";
import type { ConversationView, IdentityView } from "../../src/state/views.ts";
import { newSignKey } from "../support/keys.ts";
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
import { World } from "../support/world.ts";

const DAY = 86_400_000;
const NOW = 100 * DAY;

afterEach(goHome);

const identity: IdentityView = {
  status: "ready",
  account: "A",
  device: "D",
  address: null,
  root: true,
  fault: null,
  alarm: null,
  listAge: "fresh",
  siteKey: "S",
};
const seen = { name: "", browser: "", system: "", online: true, last_seen: NOW, listed: NOW };
const device: OwnDevice = {
  device: "D",
  role: "member",
  here: true,
  since: 1,
  number: "",
  seen: { ...seen, device: "D", prekey_time: NOW - DAY, one_time: 100 },
};
const with_ = (changes: object): OwnDevice => ({ ...device, seen: { ...device.seen, ...changes } as never });

test("the account key is fine, waits for somebody's word, or is contradicted by the site", () => {
  expect(accountLine(identity)).toEqual({ reason: "account_ok", mark: "ok", key: "A" });
  expect(accountLine({ ...identity, listAge: "stale" }).reason).toBe("account_stale");
  expect(accountLine({ ...identity, listAge: "unknown" }).mark).toBe("waiting");
  expect(accountLine({ ...identity, listAge: "stale", alarm: "signature" }).mark).toBe("refused");
});

test("the site is fine only while it proves its key", () => {
  expect(siteLine(identity, { ...DARK, light: "green" }).mark).toBe("ok");
  expect(siteLine(identity, { ...DARK, light: "orange" }).mark).toBe("ok");
  expect(siteLine(identity, { ...DARK, light: "yellow" }).mark).toBe("waiting");
  expect(siteLine(identity, { ...DARK, fault: "offline" }).mark).toBe("waiting");
  expect(siteLine(identity, { ...DARK, fault: "site_key" }).mark).toBe("refused");
});

test("a device waits until it has published, and again after thirty days", () => {
  expect(deviceLine(device, NOW).reason).toBe("device_ok");
  expect(deviceLine(with_({ prekey_time: 0 }), NOW).reason).toBe("device_unpublished");
  expect(deviceLine({ ...device, seen: null }, NOW).reason).toBe("device_unpublished");
  expect(deviceLine(with_({ prekey_time: NOW - 30 * DAY }), NOW).mark).toBe("ok");
  expect(deviceLine(with_({ prekey_time: NOW - 30 * DAY - 1 }), NOW).reason).toBe("device_dormant");
});

test("one-time keys run low at twenty", () => {
  expect([20, 19, 0].map((one_time) => stockLine(with_({ one_time })).reason)).toEqual([
    "prekeys_ok",
    "prekeys_few",
    "prekeys_none",
  ]);
});

test("people are fine while somebody of theirs vouches; another key is refused whatever its list", () => {
  const peer = {
    account: "B",
    changedKey: false,
    former: false,
    listAge: "fresh",
  } as ConversationView["peer"];
  expect(contactLine(peer).mark).toBe("ok");
  expect(contactLine({ ...peer, listAge: "stale" }).reason).toBe("contact_stale");
  expect(contactLine({ ...peer, listAge: null }).reason).toBe("contact_unknown");
  expect(contactLine({ ...peer, changedKey: true }).mark).toBe("refused");
});

test("a list that nobody confirmed for two weeks is stale, the own one and theirs, until somebody does", async () => {
  const { world, alice, bob, swarm } = await friends();
  await until(() => expect(conversation(bob.tab, swarm)?.peer.listAge).toBe("fresh"));
  expect(alice.tab.identity.value.listAge).toBe("fresh");
  await Promise.all([alice.browser.close(), bob.browser.close()]);
  world.down = true;
  world.pass(15 * DAY);

  const [laterAlice, laterBob] = [await alice.browser.open(ALICE), await bob.browser.open(BOB)];
  expect(laterAlice.identity.value.listAge).toBe("stale");
  expect(conversation(laterBob, swarm)?.peer.listAge).toBe("stale");

  world.down = false;
  laterAlice.reconnect();
  await until(() => expect(laterAlice.identity.value.listAge).toBe("fresh"));
  laterBob.reconnect();
  await green(laterBob);
  await laterBob.send(swarm, "still there?", null);
  await until(() => expect(conversation(laterBob, swarm)?.peer.listAge).toBe("fresh"));
});

test("a device that the site slips into the list is alarmed about, and gets nothing", async () => {
  const { world, alice, bob, swarm } = await friends();
  const account = world.account(ALICE);
  const honest = account.list;
  if (honest === null) throw new Error("no list");
  const [thief, evil] = [newSignKey(), newSignKey()];
  const slipped = await makeCertificate(
    evil,
    { device: thief.public, dh: thief.public, role: "member" },
    world.now(),
  );
  const certificate = { ...slipped, account: honest.account };
  const forged = await makeDeviceList(evil, honest.number + 1, [...honest.devices, certificate], world.now());
  account.list = { ...forged, account: honest.account };

  const here = world.connected.get(alice.tab.identity.value.device ?? "");
  if (here !== undefined) await world.tell(here, "changed", { topic: "devices" });
  await until(() => expect(alice.tab.identity.value.alarm).toBe("signature"));
  world.pass(61_000);
  const refused = await bob.tab.send(swarm, "only for Alice", null);
  await until(() => expect(marks(bob.tab, swarm)).toEqual(["failed"]));
  await alice.tab.send(swarm, "only for Bob", null);
  await until(() => expect(texts(alice.tab, swarm)).toContain("only for Bob"));

  account.list = honest;
  if (here !== undefined) await world.tell(here, "changed", { topic: "devices" });
  await until(() => expect(alice.tab.identity.value.alarm).toBe(null));
  await bob.tab.retry(refused);
  await until(() => expect(texts(alice.tab, swarm)).toContain("only for Alice"));
  const wraps = world.sent.flatMap(({ data }) => Object.keys((data.wraps ?? {}) as object));
  expect(wraps).not.toContain(thief.public);
});

test("a site that denies the account is alarmed about", async () => {
  const world = new World();
  const { tab } = await newcomer(world, ALICE);
  world.account(ALICE).list = null;
  const here = world.connected.get(tab.identity.value.device ?? "");
  if (here !== undefined) await world.tell(here, "changed", { topic: "devices" });
  await until(() => expect(tab.identity.value.alarm).toBe("device_list_withheld"));
});
