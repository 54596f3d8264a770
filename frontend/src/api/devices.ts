/** The devices of the member, as the site sees them. */
import { client, take } from "./client.ts";
import type { VaultDevice } from "./types.ts";

export function getVaults(): Promise<VaultDevice[]> {
  return take(client.GET("/api/v1/vaults"));
}

/** How many one-time keys the site still has to hand out, by device. */
export async function getPrekeysLeft(): Promise<Record<string, number>> {
  return (await take(client.GET("/api/v1/keys"))).prekeys_left;
}
