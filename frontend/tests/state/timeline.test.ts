// The porch: new posts wait to be asked for, older ones follow without gap or double.
import { beforeEach, expect, test, vi } from "vitest";

vi.mock("../../src/api/posts.ts", () => ({ getTimeline: vi.fn(), putRead: vi.fn() }));
vi.mock("../../src/state/session.ts", () => ({ onLogout: (forget: () => void) => endings.push(forget) }));

const { endings } = vi.hoisted(() => ({ endings: [] as (() => void)[] }));
const api = await import("../../src/api/posts.ts");
const { fresh, hasOlder, hide, loadOlder, lookForNew, markSeen, showNew, timeline, unreadLine } =
  await import("../../src/state/timeline.ts");

const PAGE = 3;
let posts: number[] = [];
let read: string | null = null;

function item(number: number) {
  return { id: `p${number}`, cursor: `${number}.p${number}`, post: number, published: number } as never;
}

function page(before: string | null) {
  const from = before === null ? 0 : posts.indexOf(Number(before)) + 1;
  const items = posts.slice(from, from + PAGE);
  const next = from + PAGE < posts.length ? String(items.at(-1)) : null;
  return Promise.resolve({ items: items.map(item), next, read });
}

function shown(): string[] {
  return (timeline.data.value ?? []).map((one) => one.id);
}

beforeEach(() => {
  for (const forget of endings) forget();
  posts = [5, 4, 3, 2, 1];
  read = null;
  vi.mocked(api.getTimeline).mockImplementation(page);
});

test("pages follow each other to the end", async () => {
  await timeline.load();
  expect([shown(), hasOlder.value]).toEqual([["p5", "p4", "p3"], true]);
  await loadOlder();
  expect([shown(), hasOlder.value]).toEqual([["p5", "p4", "p3", "p2", "p1"], false]);
});

test("a new post waits until it is asked for", async () => {
  await timeline.load();
  posts.unshift(6);
  await lookForNew();
  expect([shown()[0], fresh.value]).toEqual(["p5", { count: 1, more: false }]);
  showNew();
  expect([shown(), fresh.value.count]).toEqual([["p6", "p5", "p4", "p3"], 0]);
});

test("after new posts the older pages go on where they were", async () => {
  await timeline.load();
  posts.unshift(6);
  await lookForNew();
  showNew();
  await loadOlder();
  expect(shown()).toEqual(["p6", "p5", "p4", "p3", "p2", "p1"]);
  posts.unshift(7);
  await lookForNew();
  showNew();
  expect([shown(), hasOlder.value]).toEqual([["p7", "p6", "p5", "p4", "p3", "p2", "p1"], false]);
});

test("more new posts than a page: the list starts anew instead of hiding a gap", async () => {
  await timeline.load();
  posts.unshift(9, 8, 7, 6);
  await lookForNew();
  expect(fresh.value).toEqual({ count: 3, more: true });
  showNew();
  expect(shown()).toEqual(["p9", "p8", "p7"]);
  await loadOlder();
  await loadOlder();
  expect(shown()).toEqual(["p9", "p8", "p7", "p6", "p5", "p4", "p3", "p2", "p1"]);
});

test("the unread line stands where one stopped reading, and then where new ones were shown", async () => {
  vi.mocked(api.putRead).mockImplementation((cursor) => Promise.resolve(cursor));
  read = "3.p3";
  await timeline.load();
  expect(unreadLine.value).toBe("p3");
  await markSeen();
  await markSeen();
  expect(vi.mocked(api.putRead).mock.calls).toEqual([["5.p5"]]);
  expect(unreadLine.value).toBe("p3");
  posts.unshift(6);
  await lookForNew();
  showNew();
  expect(unreadLine.value).toBe("p5");
});

test("nothing unread, or nothing read: no line, and an older place is never sent", async () => {
  vi.mocked(api.putRead).mockClear();
  read = "9.i1";
  await timeline.load();
  await markSeen();
  expect([unreadLine.value, vi.mocked(api.putRead).mock.calls]).toEqual([null, []]);
});

test("a failed look changes nothing; a failed first load says why", async () => {
  vi.mocked(api.getTimeline).mockRejectedValue(Object.assign(new Error(), { code: "offline" }));
  await timeline.load();
  expect([timeline.data.value, timeline.fault.value?.code]).toEqual([undefined, "offline"]);
  vi.mocked(api.getTimeline).mockImplementation(page);
  await timeline.load();
  vi.mocked(api.getTimeline).mockRejectedValue(new Error());
  await timeline.load();
  expect(shown()).toEqual(["p5", "p4", "p3"]);
});

test("a deleted post leaves the list, on whichever page it was", async () => {
  await timeline.load();
  await loadOlder();
  hide(timeline.data.value?.at(-1)?.id ?? "");
  expect(shown()).toEqual(["p5", "p4", "p3", "p2"]);
});
