/** What a `data-transfer` says about a file's bytes (SPEC 7.7). */

import { sha3_256 } from "@noble/hashes/sha3.js";
import { b64encode } from "../encoding.ts";
import type { Members } from "../schema.ts";

/** SHA3-256 of a file that comes in pieces. */
export class Sha3Sum {
  private readonly digest = sha3_256.create();

  update(chunk: Uint8Array): void {
    this.digest.update(chunk);
  }

  /** The sum; nothing may follow. */
  finish(): string {
    return b64encode(this.digest.digest());
  }
}

/** Whether `size` bytes with this sum are the file that a `data-transfer` offers. Else they are deleted. */
export function isWhole(body: Members, size: number, sum: string): boolean {
  return body.total_size === size && body.sha3sum === sum;
}
