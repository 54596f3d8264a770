/**
 * The member's devices: those that the account certified, with what the site has seen of each; and those that only the site names.
 *
 * Promise: a device that the account did not certify is never among `ownDevices`, whatever the site says.
 */
import { computed } from "@preact/signals";
import * as api from "../api/devices.ts";
import type { SiteDevice } from "../api/types.ts";
import { devices } from "./identity.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";
import type { DeviceView } from "./views.ts";

export const siteDevices = resource<SiteDevice[]>(api.getDevices);

onLogout(siteDevices.forget);

export interface OwnDevice extends DeviceView {
  /** Null while the site has not answered, or does not know the device. */
  readonly seen: SiteDevice | null;
}

/** By age. */
export const ownDevices = computed<readonly OwnDevice[]>(() => {
  const rows = new Map(siteDevices.data.value?.map((row) => [row.device, row]));
  return devices.value.map((one) => ({ ...one, seen: rows.get(one.device) ?? null }));
});

/** Named by the site, but on no list that the account signed: nothing is ever sent to them. */
export const uncertified = computed<readonly SiteDevice[]>(() => {
  const certified = new Set(devices.value.map(({ device }) => device));
  return (siteDevices.data.value ?? []).filter(({ device }) => !certified.has(device));
});

/** An empty name is none. */
export async function rename(device: string, name: string): Promise<void> {
  await api.nameDevice(device, name.trim());
  await siteDevices.load();
}
