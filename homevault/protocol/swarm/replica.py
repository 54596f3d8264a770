"""One device's copy of a swarm (SPEC section 7): takes events parents first, keeps the waiting ones, knows
the state.

`add` either raises and changes nothing, or stores through the EventStore. After a transaction that was
rolled back make a new Replica: this one remembers what it put.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import EventStore, ParkedEvent, StoredEvent
from homevault.protocol.swarm import rules
from homevault.protocol.swarm.control import ControlHistory, Frontier, held
from homevault.protocol.swarm.events import SignedEvent, read_signed_event, restore
from homevault.protocol.swarm.past import is_in_past
from homevault.protocol.swarm.rules import State

MAX_PARKED = 256
MAX_MISSING = 100


@dataclass(frozen=True, slots=True)
class Added:
    """`events` are now in the history, the given one first, then those that had waited for it. `refused`
    are waiting ones that turned out bad, with the reason; they are gone."""

    events: tuple[SignedEvent, ...]
    refused: tuple[tuple[str, ProtocolError], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Kept aside until the events `missing` are here."""

    id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Already in the history."""

    id: str


class Replica:
    """`swarm` is the id this copy is of; None takes the first initial event that comes."""

    def __init__(self, store: EventStore, swarm: str | None = None) -> None:
        self.store = store
        first = next(iter(store.ordered(limit=1)), None)
        self.swarm = first.id if first else swarm
        self._control = ControlHistory(store)
        self._parked = {event.id: event for event in store.parked()}

    def add(self, signed: SignedEvent | Mapping[str, Any]) -> Added | Waiting | Duplicate:
        """Take a signed event. ProtocolError if it is bad or not legal; `too_many` if too many wait
        already."""
        event = signed if isinstance(signed, SignedEvent) else read_signed_event(signed)
        self._require_this_swarm(event)
        if self.store.get(event.id) is not None:
            return Duplicate(event.id)
        missing = self._missing_parents(event)
        if missing:
            return self._park(event, missing)
        self._accept(event)
        return self._release(event)

    def _require_this_swarm(self, event: SignedEvent) -> None:
        if self.swarm not in (None, event.swarm):
            raise ProtocolError("event_id", "swarm")

    def _missing_parents(self, event: SignedEvent) -> tuple[str, ...]:
        return tuple(parent for parent in event.parents if self.store.get(parent) is None)

    def _park(self, event: SignedEvent, missing: tuple[str, ...]) -> Waiting:
        if event.id not in self._parked and len(self._parked) >= MAX_PARKED:
            raise ProtocolError("too_many", "waiting events")
        parked = ParkedEvent(event.id, missing, canonical(event.wire))
        self._parked[event.id] = parked
        self.store.park(parked)
        return Waiting(event.id, missing)

    def _accept(self, event: SignedEvent) -> None:
        parents = [held(self.store, parent) for parent in event.parents]
        frontier: Frontier = ()
        if event.type == "initial":
            rules.check_mode(event)
        else:
            self._check_place(event, parents)
            frontier = self._control.merged(parent.frontier_after for parent in parents)
            rules.judge(event, self._control.state(frontier))
        self.store.put(_stored(event, frontier))
        self.swarm = event.swarm

    def _check_place(self, event: SignedEvent, parents: list[StoredEvent]) -> None:
        """`depth`, `prev` and `seq` against the event's past."""
        if event.depth != 1 + max(parent.depth for parent in parents):
            raise ProtocolError("event_depth", "depth")
        if event.prev is not None:
            self._check_prev(event, event.prev)
        for later in self.store.by_device(event.device, event.seq):
            if is_in_past(self.store, later, event.parents):
                raise ProtocolError("event_depth", "seq")

    def _check_prev(self, event: SignedEvent, prev: str) -> None:
        before = self.store.get(prev)
        if before is None or (before.author, before.device) != (event.author, event.device):
            raise ProtocolError("event_id", "prev")
        if not is_in_past(self.store, before, event.parents):
            raise ProtocolError("event_id", "prev")
        if event.seq != before.seq + 1:
            raise ProtocolError("event_depth", "seq")

    def _release(self, first: SignedEvent) -> Added:
        """Take what had waited for `first`, and for those taken in turn."""
        self._forget(first.id)
        added, refused = [first], list[tuple[str, ProtocolError]]()
        for event in added:
            for parked in self._waiting_for(event.id):
                try:
                    outcome = self._retry(parked)
                except ProtocolError as error:
                    self._forget(parked.id)
                    refused.append((parked.id, error))
                else:
                    added.extend(outcome)
        return Added(tuple(added), tuple(refused))

    def _waiting_for(self, id: str) -> list[ParkedEvent]:
        return [parked for parked in self._parked.values() if id in parked.missing]

    def _retry(self, parked: ParkedEvent) -> list[SignedEvent]:
        event = read_signed_event(parse(parked.signed))
        self._require_this_swarm(event)
        missing = self._missing_parents(event)
        if missing:
            self._park(event, missing)
            return []
        self._accept(event)
        self._forget(event.id)
        return [event]

    def _forget(self, id: str) -> None:
        if self._parked.pop(id, None) is not None:
            self.store.unpark(id)

    @property
    def heads(self) -> tuple[str, ...]:
        """The events that nothing here follows yet, sorted ids."""
        return self.store.heads()

    @property
    def state(self) -> State:
        """Members and devices after everything held here. LookupError while there is no initial event."""
        heads = [held(self.store, head) for head in self.heads]
        if not heads:
            raise LookupError("nothing here yet")
        return self._control.state(self._control.merged(head.frontier_after for head in heads))

    def missing(self) -> tuple[str, ...]:
        """The ids to ask for so that waiting events can be taken: at most 100, sorted."""
        wanted = {id for parked in self._parked.values() for id in parked.missing}
        return tuple(sorted(wanted - self._parked.keys())[:MAX_MISSING])

    def get(self, event_id: str) -> SignedEvent | None:
        stored = self.store.get(event_id)
        return restore(stored) if stored else None

    def display_order(
        self, after: tuple[int, str] | None = None, limit: int | None = None
    ) -> Iterator[SignedEvent]:
        """The history as everybody sees it: by (depth, id). `after` is such a pair."""
        return (restore(stored) for stored in self.store.ordered(after, limit))


def _stored(event: SignedEvent, frontier: Frontier) -> StoredEvent:
    return StoredEvent(
        event.id,
        event.parents,
        event.depth,
        event.author,
        event.device,
        event.seq,
        event.prev,
        event.type,
        event.time,
        tuple(sorted({*frontier, event.id})) if rules.changes(event) else frontier,
        canonical(event.wire),
    )
