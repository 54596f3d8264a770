/** When a sync that failed is tried again (SPEC 10.7). Pure; times are milliseconds. */

import type { Ended } from "./effects.ts";

export const FIRST_PAUSE = 5_000;
export const LONGEST_PAUSE = 43_200_000;
export const MAX_INVALID = 3;

/** Of one swarm with one device: failures in a row, how often what it sent was bad, when to try again. */
export interface Attempts {
  readonly failures: number;
  readonly invalid: number;
  readonly due: number;
}

export const NO_ATTEMPTS: Attempts = { failures: 0, invalid: 0, due: 0 };

/** It sent bad history time and again: not tried any more. */
export function isUnrecoverable({ invalid }: Attempts): boolean {
  return invalid >= MAX_INVALID;
}

/** 5 seconds after the first failure in a row, doubling, at most 12 hours. */
export function pause(failures: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(Math.max(failures - 1, 0), 32));
}

/** What is known once a session ended. */
export function after(attempts: Attempts, { end }: Ended, now: number): Attempts {
  if (end === "equal" || end === "apart") return { ...NO_ATTEMPTS, due: now };
  const failures = attempts.failures + 1;
  const invalid = attempts.invalid + (end === "refused" ? 1 : 0);
  return { failures, invalid, due: now + pause(failures) };
}
