"""The suite that every EventStore must pass. Subclass it and give the fixture `store`: a new, empty one."""

import json
from pathlib import Path
from typing import Any

import pytest

from homevault.protocol.ports import EventStore, ParkedEvent, StoredEvent
from homevault.protocol.swarm.replica import Replica
from tests.vectors import ops

FOLDER = Path(ops.__file__).parent


def histories(file: str) -> list[Any]:
    cases = json.loads((FOLDER / f"{file}.json").read_text("utf-8"))
    return [case for case in cases if case["input"]["op"] == "history"]


TALKS, GROUPS = histories("replica"), histories("groups")


def event(id: str, *parents: str, depth: int = 0, device: str = "d", seq: int = 0) -> StoredEvent:
    """An event that only looks like one; stores do not judge."""
    prev = None if seq == 0 else "p"
    signed = b'{"id":"' + id.encode() + b'"}'
    return StoredEvent(id, parents, depth, "a", device, seq, prev, "text", 7, ("c1", "c2"), signed)


def put_all(store: EventStore, *events: StoredEvent) -> None:
    for each in events:
        store.put(each)


class EventStoreContract:
    def test_an_empty_store(self, store: EventStore) -> None:
        assert store.get("x") is None
        assert store.heads() == ()
        assert store.count() == 0
        assert list(store.ordered()) == []
        assert list(store.by_device("d", 0)) == []
        assert store.latest("d") is None
        assert store.parked() == []

    def test_an_event_comes_back_as_it_was_put(self, store: EventStore) -> None:
        first, second = event("a"), event("b", "a", "z", depth=1, seq=1)
        put_all(store, first, second)
        assert store.get("a") == first
        assert store.get("b") == second
        assert store.count() == 2

    def test_tips_come_back(self, store: EventStore) -> None:
        carrying = event("a")._replace(tips=b'{"d":[1,"x"]}')
        store.put(carrying)
        assert store.get("a") == carrying

    def test_an_event_without_parents_and_frontier(self, store: EventStore) -> None:
        bare = StoredEvent("a", (), 0, "a", "d", 0, None, "initial", 0, (), b"{}")
        store.put(bare)
        assert store.get("a") == bare

    def test_heads_are_what_nothing_follows(self, store: EventStore) -> None:
        put_all(store, event("a"), event("c", "a", depth=1), event("b", "a", depth=1))
        assert store.heads() == ("b", "c")
        store.put(event("d", "b", "c", depth=2))
        assert store.heads() == ("d",)

    def test_putting_again_changes_nothing(self, store: EventStore) -> None:
        put_all(store, event("a"), event("b", "a", depth=1), event("a"))
        assert store.heads() == ("b",)
        assert store.count() == 2

    def test_many_at_once(self, store: EventStore) -> None:
        first, left, right = event("a"), event("c", "a", depth=1, seq=1), event("b", "a", depth=1, device="e")
        last = event("d", "b", "c", depth=2, seq=2)
        put_all(store, first)
        store.put_all([first, left, right, left, last])
        assert [each.id for each in store.ordered()] == ["a", "b", "c", "d"]
        assert store.heads() == ("d",)
        assert store.count() == 4
        assert store.latest("d") == last
        store.put_all([])
        assert store.count() == 4

    def test_many_at_once_leave_every_loose_end_a_head(self, store: EventStore) -> None:
        store.put_all([event("a"), event("b", "a", depth=1), event("c", "a", depth=1)])
        store.put_all([event("d", "b", depth=2), event("a")])
        assert store.heads() == ("c", "d")

    def test_order_is_by_depth_then_id(self, store: EventStore) -> None:
        put_all(
            store, event("m"), event("z", "m", depth=1), event("a", "z", depth=10), event("k", "m", depth=1)
        )
        assert [each.id for each in store.ordered()] == ["m", "k", "z", "a"]
        assert [each.id for each in store.ordered(limit=2)] == ["m", "k"]
        assert [each.id for each in store.ordered((1, "k"))] == ["z", "a"]
        assert [each.id for each in store.ordered((0, "zz"), 1)] == ["k"]
        assert list(store.ordered((10, "a"))) == []

    def test_ids_sort_as_ascii(self, store: EventStore) -> None:
        ids = ["_", "a", "B", "-", "0", "Z", "z"]
        put_all(store, *(event(id) for id in ids))
        assert [each.id for each in store.ordered()] == sorted(ids)
        assert store.heads() == tuple(sorted(ids))

    def test_the_events_of_a_device(self, store: EventStore) -> None:
        put_all(
            store, event("c", seq=10), event("a", seq=2), event("b", seq=2), event("x", device="e", seq=99)
        )
        assert [each.id for each in store.by_device("d", 0)] == ["a", "b", "c"]
        assert [each.id for each in store.by_device("d", 3)] == ["c"]
        latest = store.latest("d")
        assert latest is not None
        assert latest.id == "c"

    def test_forks_are_events_of_the_same_seq(self, store: EventStore) -> None:
        put_all(
            store, event("a"), event("c", seq=1), event("b", seq=1), event("d", seq=2), event("x", device="e")
        )
        assert [each.id for each in store.forks("d")] == ["b", "c"]
        assert store.forks("e") == []
        assert store.forks("nobody") == []

    def test_of_a_fork_the_greater_id_is_latest(self, store: EventStore) -> None:
        put_all(store, event("b", seq=1), event("a", seq=1))
        latest = store.latest("d")
        assert latest is not None
        assert latest.id == "b"

    def test_waiting_events(self, store: EventStore) -> None:
        one, two = ParkedEvent("b", ("x",), b"{}"), ParkedEvent("a", ("x", "y"), b'{"n":1}')
        store.park(one)
        store.park(two)
        assert store.parked() == [two, one]
        again = ParkedEvent("a", ("y",), b'{"n":1}')
        store.park(again)
        assert store.parked() == [again, one]
        store.unpark("a")
        store.unpark("a")
        assert store.parked() == [one]
        assert store.count() == 0
        assert store.heads() == ()

    @pytest.mark.parametrize("case", GROUPS, ids=lambda case: case["id"])
    def test_a_group_on_it(self, store: EventStore, case: dict[str, Any]) -> None:
        assert ops.group(case["input"], store) == case["output"]

    @pytest.mark.parametrize("case", TALKS, ids=lambda case: case["id"])
    def test_a_replica_on_it(self, store: EventStore, case: dict[str, Any]) -> None:
        assert ops.history(case["input"], store) == case["output"]

    @pytest.mark.parametrize("case", TALKS + GROUPS, ids=lambda case: case["id"])
    def test_a_replica_made_anew_at_each_step(self, store: EventStore, case: dict[str, Any]) -> None:
        given = case["input"]
        steps = [ops.step(Replica(store, given["swarm"]), signed) for signed in given["events"]]
        assert steps == case["output"]["steps"]
        assert list(Replica(store, given["swarm"]).heads) == case["output"]["heads"]
