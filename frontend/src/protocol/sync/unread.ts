/** Frames that came and were not read yet, while a batch is being taken: bounded (SPEC 10.3). */

import type { Bytes } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";

const MAX_BYTES = 10_485_760;
const MAX_FRAMES = 2_000;

export class Unread {
  private frames: Bytes[] = [];
  private bytes = 0;

  /** `too_many` if more comes than is taken. */
  push(frame: Bytes): void {
    this.frames.push(frame);
    this.bytes += frame.length;
    if (this.bytes > MAX_BYTES || this.frames.length > MAX_FRAMES) {
      throw new ProtocolError("too_many", "frames");
    }
  }

  /** The next one, if there is one. */
  pop(): Bytes | undefined {
    const frame = this.frames.shift();
    this.bytes -= frame?.length ?? 0;
    return frame;
  }

  clear(): void {
    this.frames = [];
    this.bytes = 0;
  }
}
