/** A FrameLink within one page or process. */

import { LIMIT } from "../../protocol/canonical.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { FrameLink } from "../../protocol/ports.ts";
import { LinkClosed } from "../../protocol/ports.ts";
import { FrameQueue } from "./queue.ts";

const WAITING_FRAMES = 64;

/** Frames in one direction. */
class Way {
  open = true;
  private readonly queue = new FrameQueue();
  private room: (() => void)[] = [];

  async put(frame: Bytes): Promise<void> {
    while (this.open && this.queue.length >= WAITING_FRAMES) {
      await new Promise<void>((resolve) => this.room.push(resolve));
    }
    if (!this.open) throw new LinkClosed();
    this.queue.put(frame);
  }

  take(): Promise<Bytes> {
    const frame = this.queue.take();
    this.wake();
    return frame;
  }

  close(): void {
    this.open = false;
    this.queue.end();
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.room.splice(0)) resolve();
  }
}

/** One of two ends; `pair` makes both. */
class MemoryLink implements FrameLink {
  readonly peer: string;
  private readonly to: Way;
  private readonly back: Way;

  constructor(peer: string, to: Way, back: Way) {
    this.peer = peer;
    this.to = to;
    this.back = back;
  }

  async send(frame: Bytes): Promise<void> {
    if (frame.length > LIMIT) throw new RangeError("larger than a frame may be");
    await this.to.put(frame);
  }

  receive(): Promise<Bytes> {
    return this.back.take();
  }

  close(): void {
    this.to.close();
    this.back.close();
  }
}

/** The ends at the devices `one` and `other`. */
export function pair(one: string, other: string): [FrameLink, FrameLink] {
  const [to, back] = [new Way(), new Way()];
  return [new MemoryLink(other, to, back), new MemoryLink(one, back, to)];
}
