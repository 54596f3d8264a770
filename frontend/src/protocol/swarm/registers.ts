/**
 * Values that the devices of one account share (SPEC 7.8): the last writer wins, without clocks.
 *
 * Promise: devices that heard of the same writings hold the same values, in whatever order they came.
 */

import { LARGEST } from "../scanner.ts";

/** A value, the number of its writing, and the device that wrote it. */
export interface Register<T = unknown> {
  readonly value: T;
  readonly number: number;
  readonly device: string;
}

/** The higher number wins; of equal ones the higher device. */
export function replaces(one: Register, other: Register | undefined): boolean {
  if (other === undefined) return true;
  return one.number === other.number ? one.device > other.device : one.number > other.number;
}

/** The number of a writing on top of all that this device knows of. */
export function nextNumber(known: Iterable<Register>): number {
  const highest = [...known].reduce((found, { number }) => Math.max(found, number), 0);
  return Math.min(highest + 1, LARGEST);
}
