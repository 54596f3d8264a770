/**
 * A FrameLink on a data channel or a websocket whose ends have proved their device keys already.
 *
 * Neither lets a reader slow its sender down, so a link whose frames are not taken ends when too many wait.
 */

import { LIMIT } from "../../protocol/canonical.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { FrameLink } from "../../protocol/ports.ts";
import { LinkClosed } from "../../protocol/ports.ts";
import type { After } from "../socket.ts";
import { browserAfter } from "../socket.ts";
import { FrameQueue } from "./queue.ts";

const MOST_BUFFERED = 1_048_576;
const MOST_WAITING = 16_777_216;
const PAUSE = 20;
/** Closing or closed, as the two kinds of channel say it. */
const CLOSING: ReadonlySet<RTCDataChannelState | number> = new Set(["closing", "closed", 2, 3]);

/** What an RTCDataChannel and a WebSocket, both open, have in common. */
export interface Channel {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly readyState: RTCDataChannelState | number;
  send(data: Bytes): void;
  close(): void;
  addEventListener(type: "message", heard: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", heard: () => void): void;
}

export class ChannelLink implements FrameLink {
  readonly peer: string;
  private readonly channel: Channel;
  private readonly after: After;
  private readonly queue = new FrameQueue();
  private open = true;

  constructor(channel: Channel, peer: string, after: After = browserAfter) {
    this.peer = peer;
    this.channel = channel;
    this.after = after;
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => this.heard(data));
    channel.addEventListener("close", () => this.end());
  }

  async send(frame: Bytes): Promise<void> {
    if (frame.length > LIMIT) throw new RangeError("larger than a frame may be");
    while (this.open && this.channel.bufferedAmount > MOST_BUFFERED) {
      await new Promise<void>((resolve) => this.after(PAUSE, resolve));
    }
    if (!this.open || CLOSING.has(this.channel.readyState)) throw new LinkClosed();
    this.channel.send(frame);
  }

  receive(): Promise<Bytes> {
    return this.queue.take();
  }

  close(): void {
    this.end();
    this.channel.close();
  }

  private heard(data: unknown): void {
    if (!this.open) return;
    const good = data instanceof ArrayBuffer && data.byteLength <= LIMIT && this.queue.bytes <= MOST_WAITING;
    if (good) this.queue.put(new Uint8Array(data));
    else this.close();
  }

  private end(): void {
    this.open = false;
    this.queue.end();
  }
}
