"""An EventStore that lives and dies with the process: for tests and for histories not yet kept."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from homevault.protocol.ports import ParkedEvent, StoredEvent


class MemoryEventStore:
    def __init__(self) -> None:
        self._events: dict[str, StoredEvent] = {}
        self._heads: set[str] = set()
        self._devices: dict[str, list[StoredEvent]] = defaultdict(list)
        self._parked: dict[str, ParkedEvent] = {}

    def get(self, event_id: str) -> StoredEvent | None:
        return self._events.get(event_id)

    def put(self, event: StoredEvent) -> None:
        if event.id in self._events:
            return
        self._events[event.id] = event
        self._heads.difference_update(event.parents)
        self._heads.add(event.id)
        insort(self._devices[event.device], event, key=_place)

    def put_all(self, events: Sequence[StoredEvent]) -> None:
        for event in events:
            self.put(event)

    def heads(self) -> tuple[str, ...]:
        return tuple(sorted(self._heads))

    def count(self) -> int:
        return len(self._events)

    def ordered(
        self, after: tuple[int, str] | None = None, limit: int | None = None
    ) -> Iterator[StoredEvent]:
        events = sorted(self._events.values(), key=lambda event: (event.depth, event.id))
        later = (event for event in events if after is None or (event.depth, event.id) > after)
        return islice(later, limit)

    def by_device(self, device: str, from_seq: int) -> list[StoredEvent]:
        events = self._devices.get(device, [])
        return events[bisect_left(events, (from_seq, ""), key=_place) :]

    def latest(self, device: str) -> StoredEvent | None:
        events = self._devices.get(device)
        return events[-1] if events else None

    def park(self, event: ParkedEvent) -> None:
        self._parked[event.id] = event

    def unpark(self, event_id: str) -> None:
        self._parked.pop(event_id, None)

    def parked(self) -> list[ParkedEvent]:
        return sorted(self._parked.values(), key=lambda event: event.id)


def _place(event: StoredEvent) -> tuple[int, str]:
    return (event.seq, event.id)
