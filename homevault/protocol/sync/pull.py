"""Taking what a peer sends into a replica (SPEC 10.5).

Late events are set aside with what stands on them, until an event of an entitled device confirms them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.events import SignedEvent, event_id
from homevault.protocol.swarm.reading import read_all
from homevault.protocol.swarm.replica import Added, Late, Replica

MAX_ASIDE = 4_096
MAX_ASIDE_BYTES = 10_485_760


@dataclass(frozen=True, slots=True)
class Taken:
    """`added` came into the history, waiting ones that could follow included; `late` are set aside now."""

    added: tuple[SignedEvent, ...]
    late: int


class Spoiled(Exception):
    """This event (its id, if it has one) is bad; undo the whole batch and make a new Replica and Pull."""

    def __init__(self, event: str | None, error: ProtocolError) -> None:
        super().__init__(event, error.code)
        self.event = event
        self.code = error.code


class Pull:
    """One peer's events during one sync. Bounded: what does not fit aside is forgotten and comes again."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._aside: dict[str, SignedEvent] = {}
        self._size = 0

    def take(self, events: Sequence[Any]) -> Taken:
        """Add a batch; Spoiled at the first bad one. The caller undoes what was added before it."""
        added: list[SignedEvent] = []
        with self._replica.store.gathering():
            for value, event in zip(events, read_all(events), strict=True):
                if isinstance(event, ProtocolError):
                    raise Spoiled(_id_of(value), event) from event
                try:
                    added += self._take(event)
                except ProtocolError as error:
                    raise Spoiled(_id_of(value), error) from error
        return Taken(tuple(added), len(self._aside))

    def _take(self, event: SignedEvent) -> list[SignedEvent]:
        if self._aside and not self._aside.keys().isdisjoint(event.parents):
            return self._confirm(event)
        return self._add(event)

    def _add(self, event: SignedEvent, confirmed: frozenset[str] = frozenset()) -> list[SignedEvent]:
        outcome = self._replica.add(event, confirmed)
        if isinstance(outcome, Late):
            self._set_aside(event)
        return list(outcome.events) if isinstance(outcome, Added) else []

    def _confirm(self, event: SignedEvent) -> list[SignedEvent]:
        """An event on top of late ones: with an entitled author they all stand, else it is aside too."""
        if not self._replica.state.entitled(event.author, event.device):
            self._set_aside(event)
            return []
        below = self._below(event)
        confirmed = frozenset(each.id for each in below)
        added = [new for each in below for new in self._add(each, confirmed)]
        for each in below:
            del self._aside[each.id]
        return added + self._add(event)

    def _below(self, event: SignedEvent) -> list[SignedEvent]:
        """The events aside in its past, parents first."""
        found: dict[str, SignedEvent] = {}
        waiting = list(event.parents)
        while waiting:
            each = self._aside.get(waiting.pop())
            if each is not None and each.id not in found:
                found[each.id] = each
                waiting.extend(each.parents)
        return sorted(found.values(), key=lambda each: (each.depth, each.id))

    def _set_aside(self, event: SignedEvent) -> None:
        if event.id in self._aside:
            return
        self._size += len(event.signed)
        if len(self._aside) < MAX_ASIDE and self._size <= MAX_ASIDE_BYTES:
            self._aside[event.id] = event


def _id_of(value: Any) -> str | None:
    """The id of what came in, if it has one at all."""
    event = value.get("event") if type(value) is dict else None
    return event_id(event) if type(event) is dict else None
