"""What the core needs from outside, as protocols, and the two real ones that need no shell.

Times are integer milliseconds since 1970 (SPEC 2.4). Nothing here locks: one caller at a time per store.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from homevault.protocol.keys import DhKey


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00Z."""
        ...


class Random(Protocol):
    def bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


class SystemRandom:
    def bytes(self, count: int) -> bytes:
        return os.urandom(count)


class PrekeyHolder(Protocol):
    """The private prekeys of this device, found by their public halves. Reading never erases."""

    def signed(self, public: str) -> "DhKey | None":
        """A signed prekey, current or replaced less than 30 days ago."""
        ...

    def one_time(self, public: str) -> "DhKey | None":
        """A one-time prekey that was not used yet."""
        ...


class StoredEvent(NamedTuple):
    """One accepted event. `frontier` are the latest events in its past that rights depend on, and itself if
    it is such a one, sorted ids; `signed` is the canonical form of `{event, sig}`; `tips` is for
    `swarm.ancestry`."""

    id: str
    parents: tuple[str, ...]
    depth: int
    author: str
    device: str
    seq: int
    prev: str | None
    type: str
    time: int
    frontier: tuple[str, ...]
    signed: bytes
    tips: bytes | None = None

    @property
    def frontier_before(self) -> tuple[str, ...]:
        """The frontier of its past without itself."""
        return tuple(id for id in self.frontier if id != self.id)

    @property
    def frontier_after(self) -> tuple[str, ...]:
        """The frontier of the past of an event that has this one as its only parent."""
        return (self.id,) if self.id in self.frontier else self.frontier


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """An event whose parents are not all here; `missing` are those that are not, sorted."""

    id: str
    missing: tuple[str, ...]
    signed: bytes


class EventStore(Protocol):
    """The accepted and the waiting events of one swarm.

    `put` adds the event and moves the heads in one step. The caller brackets several calls in its own
    transaction if it needs to; after a rolled back one it makes a new Replica.
    """

    def get(self, event_id: str) -> StoredEvent | None: ...

    def put(self, event: StoredEvent) -> None:
        """Store; its parents stop being heads and it becomes one. An id already stored changes nothing."""
        ...

    def put_all(self, events: Sequence[StoredEvent]) -> None:
        """As `put` for each in turn, in one step."""
        ...

    def heads(self) -> tuple[str, ...]:
        """Sorted ids of the events that no stored event names as parent."""
        ...

    def count(self) -> int: ...

    def ordered(
        self, after: tuple[int, str] | None = None, limit: int | None = None
    ) -> Iterator[StoredEvent]:
        """Events by (depth, id), those greater than `after` only, at most `limit`."""
        ...

    def by_device(self, device: str, from_seq: int) -> Iterable[StoredEvent]:
        """The events of a device with seq ≥ `from_seq`, by (seq, id)."""
        ...

    def forks(self, device: str) -> list[StoredEvent]:
        """The events of a device that share their seq with another one of it, by (seq, id)."""
        ...

    def latest(self, device: str) -> StoredEvent | None:
        """The event of a device with the greatest (seq, id)."""
        ...

    def park(self, event: ParkedEvent) -> None:
        """Keep a waiting event; an id already waiting is replaced."""
        ...

    def unpark(self, event_id: str) -> None:
        """Forget a waiting event; nothing happens if there is none."""
        ...

    def parked(self) -> list[ParkedEvent]:
        """All waiting events, by id."""
        ...


class LinkClosed(Exception):
    """The link ended, here, there or between."""


class FrameLink(Protocol):
    """A way for frames between two devices whose ids it has proved. Frames arrive whole, once, and in the
    order they were sent, or the link ends; it may end at any time. One task sends and one receives."""

    @property
    def peer(self) -> str:
        """The device at the other side."""
        ...

    async def send(self, frame: bytes) -> None:
        """Give the frame on its way, waiting while too much is under way. ValueError for one larger than
        65,536 bytes, LinkClosed when the link has ended."""
        ...

    async def receive(self) -> bytes:
        """The next frame. LinkClosed after the last one, or if a larger one came."""
        ...

    async def close(self) -> None:
        """End it for both sides; what was sent before may still arrive. Again does nothing."""
        ...
