"""Devices that wrote two histories (SPEC 7.4, rule 1): two events of one device with the same seq."""

from collections.abc import Iterable
from itertools import groupby

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.past import ancestors


class Forks:
    """What is known of forks in one store; it is asked once for each device."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: dict[str, list[StoredEvent]] = {}

    def lies_in(self, device: str, parents: Iterable[str]) -> bool:
        """Whether a fork of the device lies in the past of an event with these parents."""
        forked = self.of(device)
        if not forked:
            return False
        past = ancestors(self._store, parents, min(event.depth for event in forked))
        return any(
            sum(event.id in past for event in same) > 1
            for _, same in groupby(forked, key=lambda event: event.seq)
        )

    def of(self, device: str) -> list[StoredEvent]:
        """The events that share their seq with another one of the device, by (seq, id)."""
        if device not in self._known:
            self._known[device] = self._store.forks(device)
        return self._known[device]

    def forget(self, device: str) -> None:
        """An event of the device was put that does not follow its latest."""
        self._known.pop(device, None)
