"""What a sync asks of a store: reading, in pieces, whatever the length of the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from homevault.protocol.ports import StoredEvent

# (depth, id) of an event; histories are ordered by it, parents before children.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Tip:
    """The event of a device with the greatest (seq, id), and how many events of the device are held."""

    device: str
    seq: int
    id: str
    count: int

    @property
    def forked(self) -> bool:
        """Whether two events held have the same seq: without a fork there is one for each up to `seq`."""
        return self.count != self.seq + 1


class EventSource(Protocol):
    """The accepted events of one swarm. An iterator is read while events are added; it need not show them."""

    def get(self, event_id: str) -> StoredEvent | None: ...

    def heads(self) -> tuple[str, ...]:
        """Sorted ids of the events that no stored event names as parent."""
        ...

    def count(self) -> int: ...

    def tips(self) -> list[Tip]:
        """One for each device, by device."""
        ...

    def run(self, device: str, from_seq: int, limit: int) -> list[StoredEvent]:
        """Events of a device with seq ≥ `from_seq`, by (seq, id), at most `limit`."""
        ...

    def places(self, after: Place | None = None, upto: Place | None = None) -> Iterator[Place]:
        """The places greater than `after` and not greater than `upto`, ascending; None is no bound."""
        ...

    def latest_first(self, before: Place | None, limit: int) -> list[StoredEvent]:
        """The greatest `limit` events smaller than `before`, descending by (depth, id)."""
        ...


def place_of(event: StoredEvent) -> Place:
    return event.depth, event.id
