"""Devices that wrote two histories (SPEC 7.4, rule 1): two events of one device with the same seq."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.past import is_in_past


class Forks:
    """What is known of forks in one store; a device's events are read through once, when first asked."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: dict[str, dict[int, list[StoredEvent]]] = {}

    def lies_in(self, device: str, parents: Iterable[str]) -> bool:
        """Whether a fork of the device lies in the past of an event with these parents."""
        parents = tuple(parents)
        return any(self._twice(group, parents) for group in self._of(device).values())

    def note(self, event: StoredEvent) -> None:
        """An event was put into the store."""
        known = self._known.get(event.device)
        if known is not None:
            same = [each for each in self._store.by_device(event.device, event.seq) if each.seq == event.seq]
            if len(same) > 1:
                known[event.seq] = same

    def _of(self, device: str) -> dict[int, list[StoredEvent]]:
        if device not in self._known:
            found: dict[int, list[StoredEvent]] = defaultdict(list)
            for seq, events in groupby(self._store.by_device(device, 0), key=lambda event: event.seq):
                same = list(events)
                if len(same) > 1:
                    found[seq] = same
            self._known[device] = found
        return self._known[device]

    def _twice(self, same: list[StoredEvent], parents: tuple[str, ...]) -> bool:
        return sum(is_in_past(self._store, event, parents) for event in same) > 1
