// Messages stand together by day, by author and by quarter of an hour.
import { expect, test } from "vitest";
import { groupMessages, QUARTER_MS, type Row } from "../../src/state/grouping.ts";
import type { MessageView } from "../../src/state/views.ts";

const start = new Date(2026, 10, 20, 22, 0).getTime();
const MINUTE = 60_000;
let number = 0;

function message(author: string, minutes: number, kind: MessageView["kind"] = "text"): MessageView {
  number += 1;
  return {
    id: `m${number}`,
    swarm: "s",
    kind,
    author,
    own: author === "me",
    time: start + minutes * MINUTE,
    text: kind === "text" ? `text ${number}` : null,
    replyTo: null,
    edited: false,
    deleted: false,
    confirmed: true,
    reactions: [],
    mark: author === "me" && kind === "text" ? "sent" : null,
    fault: null,
  };
}

function picture(rows: readonly Row[]): string[] {
  return rows.map((row) => (row.kind === "messages" ? `${row.author}:${row.messages.length}` : row.kind));
}

test("one author within a quarter of an hour makes one group", () => {
  const rows = groupMessages([message("ana", 0), message("ana", 7), message("ana", 14)]);
  expect(picture(rows)).toEqual(["day", "ana:3"]);
});

test("the quarter counts from the group's first message, and its end is the next group", () => {
  const messages = [message("ana", 0), message("ana", QUARTER_MS / MINUTE), message("ana", 20)];
  expect(picture(groupMessages(messages))).toEqual(["day", "ana:1", "ana:2"]);
});

test("another author ends the group", () => {
  const rows = groupMessages([message("ana", 0), message("me", 1), message("ana", 2)]);
  expect(picture(rows)).toEqual(["day", "ana:1", "me:1", "ana:1"]);
  expect(rows[2]).toMatchObject({ own: true });
});

test("a new day gets a line, also within the quarter", () => {
  expect(picture(groupMessages([message("ana", 118), message("ana", 122)]))).toEqual([
    "day",
    "ana:1",
    "day",
    "ana:1",
  ]);
});

test("events stand alone", () => {
  const rows = groupMessages([message("me", 0, "started"), message("ana", 1, "joined"), message("ana", 2)]);
  expect(picture(rows)).toEqual(["day", "event", "event", "ana:1"]);
});

test("a clock that runs backwards starts a group instead of hiding the jump", () => {
  expect(picture(groupMessages([message("ana", 10), message("ana", 3)]))).toEqual(["day", "ana:1", "ana:1"]);
});

test("the unread line stands above the first unread message and splits its group", () => {
  const messages = [message("ana", 0), message("ana", 1)];
  const rows = groupMessages(messages, messages[1]?.id ?? null);
  expect(picture(rows)).toEqual(["day", "ana:1", "unread", "ana:1"]);
});

test("every row has a key of its own, and nothing is lost", () => {
  const messages = Array.from({ length: 300 }, (_, index) => message(index % 3 ? "me" : "ana", index * 4));
  const rows = groupMessages(messages);
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  expect(rows.flatMap((row) => (row.kind === "messages" ? row.messages : []))).toEqual(messages);
});
