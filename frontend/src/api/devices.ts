/** The devices of the member, as the site sees them. */
import { client, take } from "./client.ts";
import type { SiteDevice, VaultDevice } from "./types.ts";

export function getVaults(): Promise<VaultDevice[]> {
  return take(client.GET("/api/v1/vaults"));
}

/** All devices that the site has for the member; whether the account certified them is not the site's to say. */
export function getDevices(): Promise<SiteDevice[]> {
  return take(client.GET("/api/v1/keys/devices"));
}

/** What the member calls a device; empty for nothing. */
export function nameDevice(device: string, name: string): Promise<SiteDevice> {
  return take(
    client.PATCH("/api/v1/keys/devices/{device}", { params: { path: { device } }, body: { name } }),
  );
}
