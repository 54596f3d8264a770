"""What goes to the other side, and how much of it at a time (SPEC 10.3)."""

from collections import deque
from collections.abc import Iterable, Iterator

from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import StoredEvent
from homevault.protocol.sync.frames import (
    BATCH_BYTES,
    BATCH_EVENTS,
    write_events,
)
from homevault.protocol.sync.source import EventSource, Place

WINDOW_EVENTS = 1_000
WINDOW_BYTES = 4_194_304


class Outgoing:
    """Events in frames, as many at a time as the window lets out; `got` opens it again."""

    def __init__(self, swarm: str) -> None:
        self._swarm = swarm
        self._events: Iterator[StoredEvent] = iter(())
        self._next: StoredEvent | None = None
        # Events and bytes of each frame that is not acknowledged yet.
        self._flying: deque[tuple[int, int]] = deque()
        self._acknowledged = 0
        self.given = 0

    def give(self, events: Iterator[StoredEvent]) -> None:
        self._events = events
        self._next = next(events, None)

    def drop(self) -> None:
        """Send no more of them."""
        self._events, self._next = iter(()), None

    @property
    def done(self) -> bool:
        return self._next is None

    def frames(self) -> Iterator[bytes]:
        """The frames that may go now."""
        while self._next is not None and self._has_room():
            batch = self._batch()
            frame = write_events(self._swarm, batch)
            self._flying.append((len(batch), len(frame)))
            self.given += len(batch)
            yield frame

    def got(self, frames: int) -> None:
        """The other side took this many frames in all. `history_mismatch` if it cannot have."""
        while self._acknowledged < frames:
            if not self._flying:
                raise ProtocolError("history_mismatch", "frames")
            self._flying.popleft()
            self._acknowledged += 1

    def _has_room(self) -> bool:
        events = sum(count for count, _ in self._flying)
        size = sum(size for _, size in self._flying)
        return events + BATCH_EVENTS <= WINDOW_EVENTS and size + BATCH_BYTES <= WINDOW_BYTES

    def _batch(self) -> list[bytes]:
        batch: list[bytes] = []
        size = 0
        while self._next is not None and len(batch) < BATCH_EVENTS:
            signed = self._next.signed
            if batch and size + len(signed) > BATCH_BYTES:
                break
            batch.append(signed)
            size += len(signed)
            self._next = next(self._events, None)
        return batch


def at_places(source: EventSource, places: Iterable[Place]) -> Iterator[StoredEvent]:
    return (event for _, id in places if (event := source.get(id)) is not None)
