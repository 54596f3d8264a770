/** How new events reach the members of a swarm (SPEC 10.8). */

export const MAX_MAILED = 32;

export type Delivery = "events" | "announce";

/** Up to 32 members are mailed the events themselves; of more, each is told the heads and pulls. */
export function delivery(members: number): Delivery {
  return members <= MAX_MAILED ? "events" : "announce";
}
