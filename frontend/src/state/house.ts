/** The member's devices as the site sees them. */
import { getPrekeysLeft, getVaults } from "../api/devices.ts";
import type { VaultDevice } from "../api/types.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export const vaults = resource<VaultDevice[]>(getVaults);

/** One-time keys left at the site, by device. */
export const prekeysLeft = resource<Record<string, number>>(getPrekeysLeft);

onLogout(() => {
  vaults.forget();
  prekeysLeft.forget();
});
