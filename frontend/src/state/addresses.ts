/** Addresses as people read them (SPEC section 3). */
import type { WireAddress } from "../api/types.ts";

const DEFAULT_PORT = 443;

/** `@alice@example.org`, with the port unless it is 443; a site's own address has no name part. */
export function addressText({ ip, port, username }: WireAddress): string {
  const host = ip.includes(":") ? `[${ip}]` : ip;
  const place = port === DEFAULT_PORT ? host : `${host}:${port}`;
  return username ? `@${username}@${place}` : place;
}
