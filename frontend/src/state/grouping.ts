/** How messages stand together: by day, by author, by quarter of an hour. Pure; times are shown in the given zone. */
import type { MessageView } from "./views.ts";

export const QUARTER_MS = 15 * 60 * 1000;

export interface MessageGroup {
  readonly kind: "messages";
  readonly key: string;
  readonly author: string;
  readonly own: boolean;
  readonly time: number;
  readonly messages: readonly MessageView[];
}
export interface DayLine {
  readonly kind: "day";
  readonly key: string;
  readonly time: number;
}
export interface EventLine {
  readonly kind: "event";
  readonly key: string;
  readonly message: MessageView;
}
export interface UnreadLine {
  readonly kind: "unread";
  readonly key: "unread";
}
export type Row = MessageGroup | DayLine | EventLine | UnreadLine;

/** Local midnight of the day that holds `time`. */
export function dayOf(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function joins(group: Row | undefined, message: MessageView): group is MessageGroup {
  return (
    group?.kind === "messages" &&
    group.author === message.author &&
    message.time >= group.time &&
    message.time - group.time < QUARTER_MS
  );
}

/** `firstUnread` is the id of the message above which the unread line stands, null for none. */
export function groupMessages(messages: readonly MessageView[], firstUnread: string | null = null): Row[] {
  const rows: Row[] = [];
  let day: number | null = null;
  for (const message of messages) {
    const today = dayOf(message.time);
    if (today !== day) rows.push({ kind: "day", key: `day-${today}-${message.id}`, time: today });
    day = today;
    if (message.id === firstUnread) rows.push({ kind: "unread", key: "unread" });
    append(rows, message);
  }
  return rows;
}

function append(rows: Row[], message: MessageView): void {
  const last = rows.at(-1);
  if (message.kind !== "text") {
    rows.push({ kind: "event", key: message.id, message });
  } else if (joins(last, message)) {
    rows[rows.length - 1] = { ...last, messages: [...last.messages, message] };
  } else {
    rows.push({
      kind: "messages",
      key: message.id,
      author: message.author,
      own: message.own,
      time: message.time,
      messages: [message],
    });
  }
}
