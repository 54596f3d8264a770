/** The light: whether this browser is connected to its own site, and what waits to be sent. */

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import { DARK } from "./engine/light.ts";
import { engine } from "./engine.ts";
import type { ChangeView, ConnectionView } from "./views.ts";

export type { ConnectionView, Light } from "./views.ts";

export const connection: ReadonlySignal<ConnectionView> = computed(
  () => engine.value?.connection.value ?? DARK,
);

/** Tries again now, with five fresh tries ten seconds apart; nothing happens while connected. */
export function reconnect(): void {
  engine.value?.reconnect();
}

/** The latest thing the site says has changed; null before the first. */
export const changes: ReadonlySignal<ChangeView | null> = computed(() => engine.value?.changes.value ?? null);
