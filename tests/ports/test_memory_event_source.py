"""The in-memory EventSource against the suite, and the undoing of an attempt."""

import pytest

from homevault.protocol.ports import ParkedEvent
from homevault.protocol.swarm.memory import MemoryEventStore
from tests.ports.event_source import EventSourceContract
from tests.ports.event_store import event, put_all


class TestMemoryEventSource(EventSourceContract):
    @pytest.fixture
    def store(self) -> MemoryEventStore:
        return MemoryEventStore()


def test_an_attempt_that_fails_leaves_no_trace() -> None:
    store = MemoryEventStore()
    put_all(store, event("a"), event("b", "a", depth=1, seq=1))
    store.park(ParkedEvent("w", ("x",), b"{}"))
    with pytest.raises(KeyError):
        _fail(store)
    assert [each.id for each in store.ordered()] == ["a", "b"]
    assert store.heads() == ("b",)
    assert [tip.id for tip in store.tips()] == ["b"]
    assert [each.id for each in store.parked()] == ["w"]


def test_an_attempt_that_succeeds_stays() -> None:
    store = MemoryEventStore()
    with store.attempt():
        store.put(event("a"))
    assert store.heads() == ("a",)


def _fail(store: MemoryEventStore) -> None:
    with store.attempt():
        put_all(store, event("c", "b", depth=2, seq=2), event("d", "a", depth=1, device="e"))
        store.unpark("w")
        raise KeyError
