// Sync sessions carried over links: to the end, cut off, and with a peer that falls silent.
import { expect, test } from "vitest";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import type { FrameLink } from "../../src/protocol/ports.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { Pull } from "../../src/protocol/sync/pull.ts";
import { Session, SILENCE } from "../../src/protocol/sync/session.ts";
import type { After } from "../../src/transport/socket.ts";
import { ChannelLink } from "../../src/transport/sync/channel.ts";
import { pair } from "../../src/transport/sync/memory.ts";
import { run, TICK } from "../../src/transport/sync/run.ts";
import { A, B } from "../ports/link.ts";
import { Seat } from "../protocol/syncing.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "../support/keys.ts";
import { websocketPair } from "../support/websocket-pair.ts";

const NOW = 1_790_000_000_000;

/** Someone's notes of so many lines at A, and at B a device that has none of them. */
async function seats(lines: number): Promise<[Seat, Seat]> {
  const [account, browser] = [newSignKey(), newSignKey()];
  const keys = { device: browser.public, dh: newDhKey().public, role: "root" } as const;
  const replica = new Replica(sodium, new MemoryEventStore());
  const certificate = await makeCertificate(account, keys, NOW);
  await author.begin(replica, browser, certificate, account.public, NOW, systemRandom);
  for (let line = 0; line < lines; line++)
    await author.text(replica, browser, account.public, `${line}`, NOW);
  return [new Seat(A, replica), new Seat(B, new Replica(sodium, new MemoryEventStore(), replica.swarm))];
}

interface Watch {
  readonly clock: { now(): number };
  readonly after?: After;
}

function sync(seat: Seat, link: FrameLink, watch: Watch = { clock: { now: () => NOW } }) {
  const { store, swarm, device: own, replica } = seat;
  const pull = new Pull(sodium, replica);
  const take = async (events: readonly unknown[]) => store.attempt(() => pull.take(events));
  const session = new Session(sodium, store, { swarm, own, peer: link.peer }, NOW);
  return run(session, link, { take, hear: () => {}, ...watch });
}

test("in memory, and again over the same link", async () => {
  const [a, b] = await seats(130);
  const [one, other] = pair(A, B);
  const [gave, got] = await Promise.all([sync(a, one), sync(b, other)]);
  expect(gave).toMatchObject({ end: "equal", given: 131, added: 0 });
  expect(got).toMatchObject({ end: "equal", given: 0, added: 131 });
  expect(b.replica.heads).toEqual(a.replica.heads);
  const again = await Promise.all([sync(a, one), sync(b, other)]);
  expect(again.map(({ end, added }) => [end, added])).toEqual([
    ["equal", 0],
    ["equal", 0],
  ]);
});

test("over a websocket", async () => {
  const [a, b] = await seats(130);
  const [one, other] = await websocketPair();
  const links = [new ChannelLink(one, B), new ChannelLink(other, A)] as const;
  const ended = await Promise.all([sync(a, links[0]), sync(b, links[1])]);
  expect(ended.map(({ end }) => end)).toEqual(["equal", "equal"]);
  expect(b.replica.heads).toEqual(a.replica.heads);
  links[0].close();
});

test("a link that ends in the middle loses nothing that was taken", async () => {
  const [a, b] = await seats(130);
  const [one, other] = pair(A, B);
  let frames = 0;
  const cut: FrameLink = {
    peer: other.peer,
    send: (frame) => other.send(frame),
    receive() {
      frames += 1;
      if (frames === 4) other.close();
      return other.receive();
    },
    close: () => other.close(),
  };
  const ended = await Promise.all([sync(a, one), sync(b, cut)]);
  expect(ended.map(({ end }) => end)).toEqual(["unreachable", "unreachable"]);
  expect(b.store.count()).toBe(ended[1].added);
  expect(b.store.count()).toBeGreaterThan(0);
  const [, rest] = await Promise.all(pair(A, B).map((link, at) => sync(at === 0 ? a : b, link)));
  expect(rest).toMatchObject({ end: "equal", added: 131 - ended[1].added });
});

test("a peer that says nothing is left, and writing here goes on meanwhile", async () => {
  const [a] = await seats(3);
  let now = NOW;
  const due: (() => void)[] = [];
  const after: After = (_, tick) => {
    due.push(tick);
    return () => {};
  };
  const ended = sync(a, pair(A, B)[0], { clock: { now: () => now }, after });
  for (let waited = 0; waited <= SILENCE; waited += TICK) {
    await new Promise(setImmediate);
    now = NOW + waited;
    due.pop()?.();
  }
  expect(await ended).toMatchObject({ end: "unreachable", peer: B, added: 0 });
});
