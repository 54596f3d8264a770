/**
 * When a device makes, replaces and erases its prekeys, and when it gets no mail (SPEC 4.3).
 *
 * One rule for vault and browser. Times in milliseconds; pure: whoever calls knows its own clock and mailbox.
 */

const DAY = 86_400_000;
const ROTATE_AFTER = 7 * DAY;
const KEPT = 30 * DAY;
const DORMANT_AFTER = 30 * DAY;
export const STOCK = 100;
const LOW_STOCK = 50;
const QUIET = 60_000;

/** Whether a new signed prekey is to be made: the current one is a week old, or there is none. */
export function rotationDue(made: number | null, now: number): boolean {
  return made === null || now - made >= ROTATE_AFTER;
}

/**
 * Whether this device's mailbox is empty now: it is connected for a minute, no mail came for as long, and it keeps none that it could not open yet.
 * `connected` and `lastMail` are when that was.
 */
export function drained(
  connected: number,
  lastMail: number | null,
  keptUnopened: number,
  now: number,
): boolean {
  return keptUnopened === 0 && now - Math.max(connected, lastMail ?? 0) >= QUIET;
}

/**
 * The private halves of signed prekeys replaced at or before this are to be erased: 30 days are over, and the mailbox was empty since. Null: none of
 * them, as it was never seen empty.
 */
export function erasableUntil(drainedAt: number | null, now: number): number | null {
  return drainedAt === null ? null : Math.min(drainedAt, now) - KEPT;
}

/**
 * Whether a device whose published signed prekey is of that time gets no mail: it did not rotate for 30 days, so nobody knows whether it still holds the
 * private half. It syncs when it is back.
 */
export function isDormant(made: number, now: number): boolean {
  return now - made > DORMANT_AFTER;
}

/** How many one-time prekeys to make when so many are left. */
export function stockWanted(left: number): number {
  return left < LOW_STOCK ? STOCK : 0;
}
