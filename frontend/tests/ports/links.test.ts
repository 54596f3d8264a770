// The links against the suite of their port.
import { expect, test } from "vitest";
import { ChannelLink } from "../../src/transport/sync/channel.ts";
import { pair } from "../../src/transport/sync/memory.ts";
import { websocketPair } from "../support/websocket-pair.ts";
import type { Links } from "./link.ts";
import { A, B, frameLinkContract } from "./link.ts";

async function channels(): Promise<Links> {
  const [one, other] = await websocketPair();
  return [new ChannelLink(one, B), new ChannelLink(other, A)];
}

frameLinkContract("the link in memory", () => pair(A, B));
frameLinkContract("a link on a websocket", channels);

test("a sender in memory waits for a slow reader", async () => {
  const [one, other] = pair(A, B);
  let sent = 0;
  const sending = (async () => {
    for (; sent < 1_000; sent++) await one.send(Uint8Array.of(sent % 256));
  })();
  await new Promise(setImmediate);
  expect(sent).toBeLessThan(100);
  for (let number = 0; number < 1_000; number++)
    expect(await other.receive()).toEqual(Uint8Array.of(number % 256));
  await sending;
});
