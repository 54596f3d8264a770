/** Pairing with a vault at home by comparing a short code (SPEC section 4.8). Needs a browser that holds the account key. */

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import { engine } from "./engine.ts";
import { current } from "./faults.ts";
import type { PairingView, WaitingVault } from "./views.ts";

export type { PairingStep, PairingView, WaitingVault } from "./views.ts";

const idle: PairingView = { step: "idle", slot: null, name: null, code: null, fault: null };

/** Vaults that wait at the own site, kept fresh while connected. */
export const waiting = computed(() => waitingAs("vault"));

/** Browsers that are logged in as oneself and wait to be linked. */
export const waitingBrowsers = computed(() => waitingAs("member"));

function waitingAs(role: WaitingVault["role"]): readonly WaitingVault[] {
  return (engine.value?.waitingVaults.value ?? []).filter((one) => one.role === role);
}

export const pairing: ReadonlySignal<PairingView> = computed(() => engine.value?.pairing.value ?? idle);

/** Looks again which vaults wait. */
export function refresh(): Promise<void> {
  return current().refreshVaults();
}

/** Begins with the vault in `slot`; `pairing` then goes to `compare` with the code, or to `failed`. */
export function start(slot: string): Promise<void> {
  return current().pair(slot);
}

/** The codes are equal: certifies the vault, puts the new device list up, and sends it the history. */
export function confirm(): Promise<void> {
  return current().confirmPairing();
}

/** The codes differ, or the person gave up: tells the vault and goes back to `idle`. */
export function abort(): Promise<void> {
  return current().abortPairing();
}
