/** Whether this browser has a network at all, as far as it knows; whoever sees the browser's word sets it. */
import { signal } from "@preact/signals";

export const online = signal(true);
