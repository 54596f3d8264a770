// Half-written texts: kept, apart for each member, forgotten at logout, also where storage refuses.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetDrafts, keepDraft, readDraft } from "../../src/state/drafts.ts";

class Store {
  [key: string]: unknown;
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null;
  }
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

beforeEach(() => vi.stubGlobal("localStorage", new Store()));
afterEach(() => {
  forgetDrafts("ana");
  forgetDrafts("bob");
  vi.unstubAllGlobals();
});

test("a draft is read back, and an empty one is forgotten", () => {
  keepDraft("ana", "post", "half a thou");
  expect(readDraft("ana", "post")).toBe("half a thou");
  keepDraft("ana", "post", "");
  expect([readDraft("ana", "post"), Object.keys(localStorage)]).toEqual(["", []]);
});

test("logging out forgets one member's drafts only", () => {
  keepDraft("ana", "talk.x", "to x");
  keepDraft("bob", "talk.x", "mine");
  forgetDrafts("ana");
  expect([readDraft("ana", "talk.x"), readDraft("bob", "talk.x")]).toEqual(["", "mine"]);
});

test("where storage refuses, the draft lasts until the page is left", () => {
  const refuse = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
  keepDraft("ana", "post", "still here");
  expect(readDraft("ana", "post")).toBe("still here");
  forgetDrafts("ana");
  expect(readDraft("ana", "post")).toBe("");
});
