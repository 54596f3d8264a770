/** Which of one's contacts are here now, as their browsers told: wherever they live, and only where they wish it. */
import { computed } from "@preact/signals";
import { engine } from "./engine.ts";
import type { ConversationView } from "./views.ts";

const accounts = computed(() => new Set(engine.value?.here.value));

/** Whether the other one of a conversation is here. False says nothing: they may hide it. */
export function isHere({ peer }: Pick<ConversationView, "peer">): boolean {
  return !peer.changedKey && !peer.former && accounts.value.has(peer.account);
}
