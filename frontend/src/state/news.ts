/** What waits to be seen: what moderators said, and what asks for an answer. The light pulses until the panel was opened. */
import { computed, signal } from "@preact/signals";
import { waitingCount } from "./comments.ts";
import { connection } from "./connection.ts";
import { unread } from "./conversations.ts";
import { openReports } from "./moderation.ts";
import { onLogout } from "./session.ts";

/** A count of one kind, or a notice in its own words. `key` is another whenever there is something new to see. */
export type News =
  | { readonly key: string; readonly kind: "notice"; readonly text: string; readonly at: number }
  | { readonly key: string; readonly kind: "comments" | "messages" | "reports"; readonly count: number };

const seen = signal<ReadonlySet<string>>(new Set());

function counted(kind: "comments" | "messages" | "reports", count: number): News[] {
  return count > 0 ? [{ key: `${kind} ${count}`, kind, count }] : [];
}

export const news = computed<readonly News[]>(() => [
  ...connection.value.notices
    .map(({ id, text, at }) => ({ key: id, kind: "notice" as const, text, at }))
    .reverse(),
  ...counted("messages", unread.value),
  ...counted("comments", waitingCount.value),
  ...counted("reports", openReports.value),
]);

export const unseen = computed(() => news.value.some(({ key }) => !seen.value.has(key)));

export function seeNews(): void {
  seen.value = new Set(news.value.map(({ key }) => key));
}

onLogout(() => {
  seen.value = new Set();
});
