"""An EventStore in front of another, for one writer: it remembers what is asked for again and again, and can
gather what is put, so that many events are stored in one step.

Limits: what it remembers of events is bounded in bytes, and beside them it knows the heads and each author
device's latest event. Nobody else may put into the store behind it. What is gathered is lost unless `flush`
follows; every other question about order flushes first.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from homevault.protocol.ports import EventStore, ParkedEvent, StoredEvent

_REMEMBERED_BYTES = 262_144
_GATHERED = 1_000
# About what an event takes beside its signed bytes.
_OVERHEAD = 1_500


class BufferedEventStore:
    def __init__(self, behind: EventStore) -> None:
        self._behind = behind
        self._fresh: dict[str, StoredEvent] = {}
        # Two generations: the old one is dropped whole when the young one is full.
        self._young: dict[str, StoredEvent] = {}
        self._old: dict[str, StoredEvent] = {}
        self._room = _REMEMBERED_BYTES
        self._latest: dict[str, StoredEvent] = {}
        self._heads = set(behind.heads())
        self._sorted_heads: tuple[str, ...] | None = None
        self._gathers = False

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """What is put meanwhile is stored together, at the end at the latest."""
        self._gathers = True
        try:
            yield
        finally:
            self._gathers = False
            self.flush()

    def flush(self) -> None:
        """Store what was gathered."""
        if self._fresh:
            gathered = list(self._fresh.values())
            self._behind.put_all(gathered)
            self._fresh.clear()
            for event in gathered:
                self._remember(event)

    def get(self, event_id: str) -> StoredEvent | None:
        known = self._fresh.get(event_id) or self._young.get(event_id)
        if known is None:
            known = self._old.get(event_id) or self._behind.get(event_id)
            if known is not None:
                self._remember(known)
        return known

    def put(self, event: StoredEvent) -> None:
        latest = self.latest(event.device)
        if latest is None or latest.seq < event.seq or self.get(event.id) is None:
            self.put_fresh(event, latest)

    def put_fresh(self, event: StoredEvent, latest: StoredEvent | None) -> None:
        """As `put`, of an event that is known not to be stored; `latest` is the latest of its device."""
        if latest is None or (latest.seq, latest.id) < (event.seq, event.id):
            self._latest[event.device] = event
        self._heads.difference_update(event.parents)
        self._sorted_heads = None if self._heads else (event.id,)
        self._heads.add(event.id)
        self._fresh[event.id] = event
        if not self._gathers or len(self._fresh) >= _GATHERED:
            self.flush()

    def put_all(self, events: Sequence[StoredEvent]) -> None:
        with self.gathering():
            for event in events:
                self.put(event)

    def heads(self) -> tuple[str, ...]:
        if self._sorted_heads is None:
            self._sorted_heads = tuple(sorted(self._heads))
        return self._sorted_heads

    def count(self) -> int:
        return self._behind.count() + len(self._fresh)

    def ordered(
        self, after: tuple[int, str] | None = None, limit: int | None = None
    ) -> Iterator[StoredEvent]:
        self.flush()
        return self._behind.ordered(after, limit)

    def by_device(self, device: str, from_seq: int) -> list[StoredEvent]:
        latest = self.latest(device)
        if latest is None or latest.seq < from_seq:
            return []
        self.flush()
        return list(self._behind.by_device(device, from_seq))

    def forks(self, device: str) -> list[StoredEvent]:
        self.flush()
        return self._behind.forks(device)

    def latest(self, device: str) -> StoredEvent | None:
        known = self._latest.get(device)
        if known is None:
            known = self._behind.latest(device)
            if known is not None:
                self._latest[device] = known
        return known

    def park(self, event: ParkedEvent) -> None:
        self._behind.park(event)

    def unpark(self, event_id: str) -> None:
        self._behind.unpark(event_id)

    def parked(self) -> list[ParkedEvent]:
        return self._behind.parked()

    def _remember(self, event: StoredEvent) -> None:
        self._young[event.id] = event
        self._room -= len(event.signed) + _OVERHEAD
        if self._room < 0:
            self._old, self._young, self._room = self._young, {}, _REMEMBERED_BYTES
