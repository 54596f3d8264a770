/** The suite that every EventStore must pass; twin of tests/ports/event_store.py. `make` gives a new, empty one. */

import { describe, expect, test } from "vitest";
import type { EventStore, StoredEvent } from "../../src/protocol/ports.ts";

interface Place {
  readonly parents?: readonly string[];
  readonly depth?: number;
  readonly device?: string;
  readonly seq?: number;
}

/** An event that only looks like one; stores do not judge. */
export function madeEvent(
  id: string,
  { parents = [], depth = 0, device = "d", seq = 0 }: Place = {},
): StoredEvent {
  const place = { swarm: "s", parents, depth, author: "a", device, seq, prev: seq === 0 ? null : "p" };
  const event = { v: 1, ...place, type: "text", body: { text: id, reply_to: null }, time: 7 };
  return { id, frontier: ["c1", "c2"], signed: { event, sig: "s" } };
}

const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

export function eventStoreContract(name: string, make: () => EventStore): void {
  const filled = (...events: readonly StoredEvent[]): EventStore => {
    const store = make();
    for (const event of events) store.put(event);
    return store;
  };

  describe(`${name} as an EventStore`, () => {
    test("an empty store", () => {
      const store = make();
      expect(store.get("x")).toBeUndefined();
      expect(store.latest("d")).toBeUndefined();
      expect(store.count()).toBe(0);
      for (const none of [store.heads(), store.ordered(), store.byDevice("d", 0), store.parked()]) {
        expect(none).toEqual([]);
      }
    });

    test("an event comes back as it was put", () => {
      const [first, second] = [madeEvent("a"), madeEvent("b", { parents: ["a", "z"], depth: 1, seq: 1 })];
      const store = filled(first, second);
      expect(store.get("a")).toEqual(first);
      expect(store.get("b")).toEqual(second);
      expect(store.count()).toBe(2);
    });

    test("heads are what nothing follows", () => {
      const store = filled(
        madeEvent("a"),
        madeEvent("c", { parents: ["a"], depth: 1 }),
        madeEvent("b", { parents: ["a"], depth: 1 }),
      );
      expect(store.heads()).toEqual(["b", "c"]);
      store.put(madeEvent("d", { parents: ["b", "c"], depth: 2 }));
      expect(store.heads()).toEqual(["d"]);
    });

    test("putting again changes nothing", () => {
      const store = filled(madeEvent("a"), madeEvent("b", { parents: ["a"], depth: 1 }), madeEvent("a"));
      expect(store.heads()).toEqual(["b"]);
      expect(store.count()).toBe(2);
      expect(ids(store.ordered())).toEqual(["a", "b"]);
      expect(ids(store.byDevice("d", 0))).toEqual(["a", "b"]);
    });

    test("order is by depth, then by id as ASCII", () => {
      const names = ["_", "a", "B", "-", "0", "Z", "z"];
      const store = filled(
        madeEvent("deep", { depth: 10 }),
        ...names.map((id) => madeEvent(id, { depth: 1 })),
      );
      expect(ids(store.ordered())).toEqual([...names.sort(), "deep"]);
      store.put(madeEvent("first"));
      expect(ids(store.ordered())[0]).toBe("first");
    });

    test("the events of a device, in whatever order they came", () => {
      const store = filled(
        madeEvent("c", { seq: 10 }),
        madeEvent("a", { seq: 2 }),
        madeEvent("b", { seq: 2 }),
        madeEvent("x", { device: "e", seq: 99 }),
      );
      expect(ids(store.byDevice("d", 0))).toEqual(["a", "b", "c"]);
      expect(ids(store.byDevice("d", 3))).toEqual(["c"]);
      expect(store.latest("d")?.id).toBe("c");
    });

    test("of a fork the greater id is latest", () => {
      expect(filled(madeEvent("b", { seq: 1 }), madeEvent("a", { seq: 1 })).latest("d")?.id).toBe("b");
    });

    test("waiting events", () => {
      const store = make();
      const { signed } = madeEvent("w");
      const [one, two] = [
        { id: "b", missing: ["x"], signed },
        { id: "a", missing: ["x", "y"], signed },
      ];
      store.park(one);
      store.park(two);
      expect(store.parked()).toEqual([two, one]);
      const again = { id: "a", missing: ["y"], signed };
      store.park(again);
      expect(store.parked()).toEqual([again, one]);
      store.unpark("a");
      store.unpark("a");
      expect(store.parked()).toEqual([one]);
      expect(store.count()).toBe(0);
      expect(store.heads()).toEqual([]);
    });
  });
}
