"""Devices that wrote two histories (SPEC 7.4, rule 1): two events of one device with the same seq."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.past import ancestors


class Forks:
    """What is known of forks in one store; a device's events are read through once, when first asked."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: dict[str, dict[int, list[StoredEvent]]] = {}

    def lies_in(self, device: str, parents: Iterable[str]) -> bool:
        """Whether a fork of the device lies in the past of an event with these parents."""
        groups = self._of(device).values()
        if not groups:
            return False
        past = ancestors(self._store, parents, min(event.depth for same in groups for event in same))
        return any(sum(event.id in past for event in same) > 1 for same in groups)

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
