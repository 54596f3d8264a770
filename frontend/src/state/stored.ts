/** What the site stores, in numbers. */
import { getMyStored, getSiteStored, type Holding } from "../api/stored.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export type { Holding } from "../api/stored.ts";

export const myStored = resource<Holding[]>(getMyStored);
export const siteStored = resource<Holding[]>(getSiteStored);

/** What all of these weigh, files included, in bytes. */
export function weightOf(holdings: readonly Holding[]): number {
  return holdings.reduce((sum, one) => sum + one.bytes + one.file_bytes, 0);
}

onLogout(() => {
  myStored.forget();
  siteStored.forget();
});
