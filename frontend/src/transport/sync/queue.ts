/** Frames that came and are waited for: at most one waits for the next. */

import type { Bytes } from "../../protocol/encoding.ts";
import { LinkClosed } from "../../protocol/ports.ts";

interface Waiter {
  readonly resolve: (frame: Bytes) => void;
  readonly reject: (error: Error) => void;
}

export class FrameQueue {
  /** Of the frames that nobody took yet. */
  bytes = 0;
  private readonly frames: Bytes[] = [];
  private waiter: Waiter | null = null;
  private open = true;

  get length(): number {
    return this.frames.length;
  }

  put(frame: Bytes): void {
    if (this.waiter !== null) {
      this.waiter.resolve(frame);
      this.waiter = null;
    } else {
      this.frames.push(frame);
      this.bytes += frame.length;
    }
  }

  /** LinkClosed after the last frame. */
  async take(): Promise<Bytes> {
    const frame = this.frames.shift();
    if (frame === undefined) {
      if (!this.open) throw new LinkClosed();
      return new Promise((resolve, reject) => {
        this.waiter = { resolve, reject };
      });
    }
    this.bytes -= frame.length;
    return frame;
  }

  /** No more frames come; those that are here may still be taken. */
  end(): void {
    this.open = false;
    this.waiter?.reject(new LinkClosed());
    this.waiter = null;
  }
}
