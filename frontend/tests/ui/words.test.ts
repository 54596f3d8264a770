// Small makers of words: times, initials, the name for an address, which words of the phrase are asked.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAddress } from "../../src/state/people.ts";
import { initials } from "../../src/ui/parts/avatar.tsx";
import { dayName, relative } from "../../src/ui/parts/time.tsx";
import { suggestUsername } from "../../src/ui/places/setup/name.tsx";
import { pickPositions } from "../../src/ui/places/setup/phrase.tsx";

const now = new Date(2026, 10, 21, 12, 0).getTime();
const HOUR = 3_600_000;

test("moments are relative up to a week, then a date", () => {
  expect(relative(now - 20_000, now)).toBe("just now");
  expect(relative(now + 5 * HOUR, now)).toBe("just now");
  expect(relative(now - 3 * HOUR, now)).toBe("3 hours ago");
  expect(relative(now - 30 * HOUR, now)).toBe("yesterday");
  expect(relative(now - 8 * 24 * HOUR, now)).toBe("November 13");
  expect(relative(now - 400 * 24 * HOUR, now)).toBe("October 17, 2025");
});

test("days between messages have names", () => {
  expect(dayName(now - HOUR, now)).toBe("Today");
  expect(dayName(now - 13 * HOUR, now)).toBe("Yesterday");
  expect(dayName(now - 3 * 24 * HOUR, now)).toBe("Wednesday");
  expect(dayName(now - 9 * 24 * HOUR, now)).toBe("November 12");
});

test("initials are whole letters of any script", () => {
  expect(["Ana Lima", "李雷", "👩‍👧 Home", "@bob", "  ", "é"].map(initials)).toEqual([
    "AL",
    "李",
    "👩‍👧H",
    "B",
    "",
    "É",
  ]);
});

test("a name gives a name for the address, or nothing", () => {
  expect(["Alice Example", "Élodie", "李雷", "-x-", "O'Neill Jr"].map(suggestUsername)).toEqual([
    "alice",
    "elodie",
    "",
    "x",
    "oneill",
  ]);
});

test("three distinct words are asked, one from each third", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (draws) => {
        let at = 0;
        const picked = pickPositions(24, () => draws[at++] ?? 0);
        expect(picked.map((position) => Math.floor(position / 8))).toEqual([0, 1, 2]);
      },
    ),
  );
});

test("what somebody types becomes an address, a URL, or nothing", () => {
  expect(readAddress(" @Bob@127.0.0.2:8002 ")).toBe("@bob@127.0.0.2:8002");
  expect(readAddress("bob@example.org")).toBe("@bob@example.org");
  expect(readAddress("@bob@[::1]:8001")).toBe("@bob@[::1]:8001");
  expect(readAddress("https://example.org/feed.xml")).toBe("https://example.org/feed.xml");
  expect(readAddress("example.org")).toBe("https://example.org");
  expect(["", "bob", "two words.here", "@bob", "javascript:alert(1)"].map(readAddress)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});
