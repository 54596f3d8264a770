"""What goes to the other side: which runs it lacks, and how much of them at a time (SPEC 10.3)."""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import merge

from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import StoredEvent
from homevault.protocol.sync.frames import (
    BATCH_BYTES,
    BATCH_EVENTS,
    VECTOR_DEVICES,
    write_events,
    write_frame,
)
from homevault.protocol.sync.source import EventSource, Place, Tip, place_of

WINDOW_EVENTS = 1_000
WINDOW_BYTES = 4_194_304
_READ_AHEAD = 1_024


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


def vector_frames(source: EventSource, swarm: str) -> Iterator[bytes]:
    """The latest event of each device, some hundred devices a frame."""
    tips = source.tips()
    for start in range(0, max(1, len(tips)), VECTOR_DEVICES):
        devices = {tip.device: [tip.seq, tip.id] for tip in tips[start : start + VECTOR_DEVICES]}
        last = start + VECTOR_DEVICES >= len(tips)
        yield write_frame("vector", swarm, devices=devices, last=last)


def missing_runs(source: EventSource, theirs: dict[str, Place]) -> Iterator[StoredEvent] | None:
    """What a replica with this vector lacks, parents before children; None if the vector cannot tell."""
    if not theirs:
        return everything(source)
    starts: dict[str, int] = {}
    for tip in source.tips():
        start = _start(source, tip, theirs.get(tip.device))
        if start is None:
            return None
        if start <= tip.seq:
            starts[tip.device] = start
    size = max(4, _READ_AHEAD // max(1, len(starts)))
    return merge(*(_run(source, device, seq, size) for device, seq in starts.items()), key=place_of)


def everything(source: EventSource) -> Iterator[StoredEvent]:
    return at_places(source, source.places())


def at_places(source: EventSource, places: Iterable[Place]) -> Iterator[StoredEvent]:
    return (event for _, id in places if (event := source.get(id)) is not None)


def _start(source: EventSource, tip: Tip, theirs: Place | None) -> int | None:
    """The first seq of a device to send; None if the other side's events of it may be others than ours."""
    if tip.forked:
        return None
    if theirs is None:
        return 0
    seq, id = theirs
    if seq > tip.seq:
        return tip.seq + 1
    ours = tip.id if seq == tip.seq else source.run(tip.device, seq, 1)[0].id
    return seq + 1 if ours == id else None


def _run(source: EventSource, device: str, seq: int, size: int) -> Iterator[StoredEvent]:
    """Read ahead in pieces, so that nothing long is held."""
    while found := source.run(device, seq, size):
        yield from found
        seq = found[-1].seq + 1
