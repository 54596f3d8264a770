"""The suite that every EventSource must pass. Subclass it and give the fixture `store`: a new, empty one that
is an EventStore too."""

from typing import Protocol

from homevault.protocol.ports import EventStore
from homevault.protocol.sync.source import EventSource, Tip
from tests.ports.event_store import event, put_all


class Store(EventStore, EventSource, Protocol):
    """Both."""


class EventSourceContract:
    def test_an_empty_one(self, store: Store) -> None:
        assert store.tips() == []
        assert store.run("d", 0, 9) == []
        assert list(store.places()) == []
        assert store.latest_first(None, 9) == []

    def test_tips_count_what_is_held_of_a_device(self, store: Store) -> None:
        put_all(store, event("a"), event("c", "a", depth=1, seq=1), event("b", "a", depth=1, seq=1))
        put_all(store, event("x", "a", depth=1, device="e", seq=0))
        assert store.tips() == [Tip("d", 1, "c", 3), Tip("e", 0, "x", 1)]
        assert [tip.forked for tip in store.tips()] == [True, False]

    def test_a_run_is_a_piece_of_a_device(self, store: Store) -> None:
        put_all(store, *(event(f"e{n}", depth=n, seq=n) for n in range(5)), event("x", device="e", seq=2))
        assert [each.id for each in store.run("d", 1, 2)] == ["e1", "e2"]
        assert [each.id for each in store.run("d", 4, 9)] == ["e4"]

    def test_places_are_bounded_below_and_above(self, store: Store) -> None:
        put_all(store, event("m"), event("z", "m", depth=1), event("a", "z", depth=10), event("k", depth=1))
        assert list(store.places()) == [(0, "m"), (1, "k"), (1, "z"), (10, "a")]
        assert list(store.places((0, "m"), (1, "z"))) == [(1, "k"), (1, "z")]
        assert list(store.places((1, "k"))) == [(1, "z"), (10, "a")]
        assert list(store.places(None, (0, "zz"))) == [(0, "m")]

    def test_many_places(self, store: Store) -> None:
        put_all(store, *(event(f"e{n:04}", depth=n // 2) for n in range(1_201)))
        assert [id for _, id in store.places((0, "e0000"))] == [f"e{n:04}" for n in range(1, 1_201)]

    def test_backwards(self, store: Store) -> None:
        put_all(store, event("m"), event("z", depth=1), event("a", depth=10), event("k", depth=1))
        assert [each.id for each in store.latest_first(None, 2)] == ["a", "z"]
        assert [each.id for each in store.latest_first((1, "z"), 9)] == ["k", "m"]
