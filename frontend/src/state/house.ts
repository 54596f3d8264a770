/** The member's devices as the site sees them. */
import { getVaults } from "../api/devices.ts";
import type { VaultDevice } from "../api/types.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export const vaults = resource<VaultDevice[]>(getVaults);

onLogout(vaults.forget);
