// Sync sessions carried over links: to the end, cut off, and with a peer that falls silent.
import { expect, test } from "vitest";
import type { FrameLink } from "../../src/protocol/ports.ts";
import { SILENCE } from "../../src/protocol/sync/session.ts";
import type { After } from "../../src/transport/socket.ts";
import { ChannelLink } from "../../src/transport/sync/channel.ts";
import { pair } from "../../src/transport/sync/memory.ts";
import { TICK } from "../../src/transport/sync/run.ts";
import { A, B } from "../ports/link.ts";
import { websocketPair } from "../support/websocket-pair.ts";
import { NOW, seats, sync, syncContract } from "./sync.ts";

syncContract("a link in memory", () => pair(A, B));
syncContract("a link on a websocket", async () => {
  const [one, other] = await websocketPair();
  return [new ChannelLink(one, B), new ChannelLink(other, A)];
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
