/** The suites of links, over the two ends of a real data channel of this page. */

import { ChannelLink } from "../../src/transport/sync/channel.ts";
import type { Links } from "../ports/link.ts";
import { A, B, frameLinkContract } from "../ports/link.ts";
import { syncContract } from "../transport/sync.ts";
import { outcomes } from "./vitest.ts";

function opened(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => channel.addEventListener("open", () => resolve(), { once: true }));
}

/** Ordered and reliable, as `ChannelLink` wants it; candidates go as they come. */
async function dataChannels(): Promise<Links> {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.addEventListener("icecandidate", ({ candidate }) => to.addIceCandidate(candidate ?? undefined));
  }
  const ends = [one, other].map((each) => each.createDataChannel("frames", { negotiated: true, id: 0 }));
  const ready = Promise.all(ends.map(opened));
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
  await ready;
  const [a, b] = ends as [RTCDataChannel, RTCDataChannel];
  return [new ChannelLink(a, B), new ChannelLink(b, A)];
}

frameLinkContract("a link on a data channel", dataChannels);
syncContract("a link on a data channel", dataChannels);

Object.assign(globalThis, { outcomes: outcomes() });
