"""The control history of one replica: which control events lie in a past, and the state they amount to.

A past is named by its *frontier*, the latest control events in it (sorted ids). An event that is not
control costs a look at its parents' frontiers, however long the history is; states are kept by frontier and
grow by one application.
"""

from collections.abc import Iterable

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.events import SignedEvent, restore
from homevault.protocol.swarm.rules import State, apply, begin, replay

Frontier = tuple[str, ...]
_KEPT = 512


class ControlHistory:
    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._events: dict[str, tuple[SignedEvent, Frontier]] = {}
        self._states: dict[Frontier, State] = {}

    def merged(self, frontiers: Iterable[Frontier]) -> Frontier:
        """The frontier of the union of several pasts."""
        distinct = set(frontiers)
        if len(distinct) == 1:
            return distinct.pop()
        latest = {id for frontier in distinct for id in frontier}
        covered = {id for one in latest for id in self._closure(self._event(one)[1])}
        return tuple(sorted(latest - covered))

    def state(self, frontier: Frontier) -> State:
        """What the control events of this past amount to."""
        known = self._states.get(frontier)
        if known is None:
            known = self._compute(frontier)
            if len(self._states) >= _KEPT:
                self._states.pop(next(iter(self._states)))
            self._states[frontier] = known
        return known

    def _compute(self, frontier: Frontier) -> State:
        if len(frontier) == 1:
            event, past = self._event(frontier[0])
            if not past:
                return begin(event)
            if past in self._states:
                return apply(event, self._states[past])
        events = [self._event(id)[0] for id in self._closure(frontier)]
        return replay(sorted(events, key=lambda event: (event.depth, event.id)))

    def _closure(self, frontier: Frontier) -> set[str]:
        """All control events that change the state, from this frontier down."""
        found: set[str] = set()
        waiting = list(frontier)
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting.extend(self._event(id)[1])
        return found

    def _event(self, id: str) -> tuple[SignedEvent, Frontier]:
        """A control event and the frontier of its past."""
        known = self._events.get(id)
        if known is None:
            stored = held(self._store, id)
            known = self._events[id] = (restore(stored), stored.frontier_before)
        return known


def held(store: EventStore, id: str) -> StoredEvent:
    """An event that is known to be stored."""
    stored = store.get(id)
    if stored is None:
        raise LookupError(f"the store lost event {id}")
    return stored
