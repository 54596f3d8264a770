"""An EventStore that lives and dies with the process: for tests and for histories not yet kept."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from homevault.protocol.ports import ParkedEvent, StoredEvent
from homevault.protocol.sync.source import Place, Tip


class MemoryEventStore:
    def __init__(self) -> None:
        self._events: dict[str, StoredEvent] = {}
        self._heads: set[str] = set()
        self._devices: dict[str, list[StoredEvent]] = defaultdict(list)
        self._parked: dict[str, ParkedEvent] = {}
        self._order: list[Place] = []
        # What was put since the attempt began that is running, if one is.
        self._puts: list[StoredEvent] | None = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is put and parked inside is undone when it raises; a Replica on it is not to be used then."""
        heads, parked = self._heads.copy(), self._parked.copy()
        self._puts = []
        try:
            yield
        except BaseException:
            for event in self._puts:
                self._take_away(event)
            self._heads, self._parked = heads, parked
            raise
        finally:
            self._puts = None

    def _take_away(self, event: StoredEvent) -> None:
        del self._events[event.id]
        self._devices[event.device].remove(event)
        self._order.remove((event.depth, event.id))

    def get(self, event_id: str) -> StoredEvent | None:
        return self._events.get(event_id)

    def put(self, event: StoredEvent) -> None:
        if event.id in self._events:
            return
        self._events[event.id] = event
        self._heads.difference_update(event.parents)
        self._heads.add(event.id)
        insort(self._devices[event.device], event, key=_place)
        insort(self._order, (event.depth, event.id))
        if self._puts is not None:
            self._puts.append(event)

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
        return islice((self._events[id] for _, id in self.places(after)), limit)

    def places(self, after: Place | None = None, upto: Place | None = None) -> Iterator[Place]:
        low = 0 if after is None else bisect_right(self._order, after)
        high = len(self._order) if upto is None else bisect_right(self._order, upto)
        return iter(self._order[low:high])

    def latest_first(self, before: Place | None, limit: int) -> list[StoredEvent]:
        end = len(self._order) if before is None else bisect_left(self._order, before)
        return [self._events[id] for _, id in reversed(self._order[max(0, end - limit) : end])]

    def by_device(self, device: str, from_seq: int) -> list[StoredEvent]:
        events = self._devices.get(device, [])
        return events[bisect_left(events, (from_seq, ""), key=_place) :]

    def forks(self, device: str) -> list[StoredEvent]:
        events = self._devices.get(device, [])
        count = Counter(event.seq for event in events)
        return [event for event in events if count[event.seq] > 1]

    def latest(self, device: str) -> StoredEvent | None:
        events = self._devices.get(device)
        return events[-1] if events else None

    def run(self, device: str, from_seq: int, limit: int) -> list[StoredEvent]:
        events = self._devices.get(device, [])
        start = bisect_left(events, (from_seq, ""), key=_place)
        return events[start : start + limit]

    def tips(self) -> list[Tip]:
        return [
            Tip(device, events[-1].seq, events[-1].id, len(events))
            for device, events in sorted(self._devices.items())
            if events
        ]

    def park(self, event: ParkedEvent) -> None:
        self._parked[event.id] = event

    def unpark(self, event_id: str) -> None:
        self._parked.pop(event_id, None)

    def parked(self) -> list[ParkedEvent]:
        return sorted(self._parked.values(), key=lambda event: event.id)


def _place(event: StoredEvent) -> tuple[int, str]:
    return (event.seq, event.id)
