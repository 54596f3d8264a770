"""One device's copy of a swarm (SPEC section 7): takes events parents first, keeps the waiting ones, knows
the state.

`add` either raises and changes nothing, or stores through the EventStore; `add_all` takes many and stores
them together. After a transaction that was rolled back make a new Replica: this one remembers what it put.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import EventStore, ParkedEvent, StoredEvent
from homevault.protocol.swarm import rules
from homevault.protocol.swarm.ancestry import Ancestry
from homevault.protocol.swarm.bodies import CONTROL
from homevault.protocol.swarm.buffer import BufferedEventStore
from homevault.protocol.swarm.control import ControlHistory, Frontier, held
from homevault.protocol.swarm.events import SignedEvent, restore
from homevault.protocol.swarm.forks import Forks
from homevault.protocol.swarm.late import Mark, Marks, is_confirmed, is_late
from homevault.protocol.swarm.reading import Given, read, read_all
from homevault.protocol.swarm.state import State
from homevault.protocol.swarm.votes import Past

MAX_PARKED = 256
MAX_MISSING = 100
_AMENDING = frozenset({"edit", "delete"})


class Added(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Late:
    """Its author was removed without its knowing. Not kept; taken when it comes again and an entitled
    device's event that waits stands on it."""

    id: str


Outcome = Added | Waiting | Duplicate | Late


class _IsLate(Exception):
    """In the middle of taking an event."""


class Replica:
    """`swarm` is the id this copy is of; None takes the first initial event that comes."""

    def __init__(self, store: EventStore, swarm: str | None = None) -> None:
        first = next(iter(store.ordered(limit=1)), None)
        self.swarm = first.id if first else swarm
        self.store = BufferedEventStore(store)
        self._control = ControlHistory(self.store)
        self._forks = Forks(self.store)
        self._ancestry = Ancestry(self.store, self._forks)
        self._marks = Marks(self.store, self._control, self._ancestry)
        self._parked = {event.id: event for event in store.parked()}
        self._frontier = self._frontier_of_heads()

    def _frontier_of_heads(self) -> Frontier:
        heads = [held(self.store, head) for head in self.heads]
        return self._control.merged(head.frontier_after for head in heads) if heads else ()

    def add(self, signed: Given, confirmed: Container[str] = ()) -> Outcome:
        """Take a signed event. ProtocolError if it is bad or not legal; `too_many` if too many wait
        already. `confirmed` are ids that the caller knows an entitled device's event to stand on."""
        return self._take(read(signed), confirmed)

    def _take(self, event: SignedEvent, confirmed: Container[str]) -> Outcome:
        self._require_this_swarm(event)
        latest = self.store.latest(event.device)
        if not _follows(event, latest) and self.store.get(event.id) is not None:
            return Duplicate(event.id)
        parents = self._parents(event)
        if len(parents) < len(event.parents):
            return self._park(event, self._missing_parents(event))
        try:
            self._accept(event, parents, latest, confirmed)
        except _IsLate:
            return Late(event.id)
        return self._release(event) if self._parked else Added((event,))

    def add_all(
        self, signed: Iterable[Given], confirmed: Container[str] = ()
    ) -> list[Outcome | ProtocolError]:
        """As `add` for each in turn, but stored in one step. One that is refused gives its error and stops
        nothing."""
        with self.store.gathering():
            return [
                each if isinstance(each, ProtocolError) else self._attempt(each, confirmed)
                for each in read_all(signed)
            ]

    def _attempt(self, event: SignedEvent, confirmed: Container[str]) -> Outcome | ProtocolError:
        try:
            return self._take(event, confirmed)
        except ProtocolError as error:
            return error

    def _require_this_swarm(self, event: SignedEvent) -> None:
        if self.swarm not in (None, event.swarm):
            raise ProtocolError("event_id", "swarm")

    def _parents(self, event: SignedEvent) -> list[StoredEvent]:
        """Those that are held."""
        return [held for held in map(self.store.get, event.parents) if held is not None]

    def _missing_parents(self, event: SignedEvent) -> tuple[str, ...]:
        return tuple(parent for parent in event.parents if self.store.get(parent) is None)

    def _park(self, event: SignedEvent, missing: tuple[str, ...]) -> Waiting:
        if event.id not in self._parked and len(self._parked) >= MAX_PARKED:
            raise ProtocolError("too_many", "waiting events")
        parked = ParkedEvent(event.id, missing, event.signed)
        self._parked[event.id] = parked
        self.store.park(parked)
        return Waiting(event.id, missing)

    def _accept(
        self,
        event: SignedEvent,
        parents: list[StoredEvent],
        latest: StoredEvent | None,
        confirmed: Container[str] = (),
    ) -> None:
        """`latest` is the latest event of its device."""
        frontier: Frontier = ()
        follows = _follows(event, latest)
        if event.type != "initial":
            self._check_place(event, parents, follows)
            frontier = self._control.merged([parent.frontier_after for parent in parents])
            self._judge(event, frontier, event.id in confirmed)
        stored = _stored(event, frontier, self._ancestry.carried(event.depth, event.parents))
        self.store.put_fresh(stored, latest)
        if not follows:
            self._forks.forget(event.device)
        if stored.frontier != self._frontier:
            self._frontier = self._control.merged(filter(None, (self._frontier, stored.frontier_after)))
        self.swarm = event.swarm

    def _judge(self, event: SignedEvent, frontier: Frontier, confirmed: bool) -> None:
        """Rights in the event's own past, and whether it comes after its author's removal."""
        if event.control:
            if self._forks.lies_in(event.device, event.parents):
                raise ProtocolError("event_fork", event.kind)
            rules.judge(event, self._control.past(frontier))
        else:
            rules.judge_content(event, self._control.state(frontier))
        if event.kind in _AMENDING:
            self._check_own(event)
        if confirmed or not self._is_late(event, frontier):
            return
        if not is_confirmed(event.id, self._parked, self.state):
            raise _IsLate

    def _is_late(self, event: SignedEvent, frontier: Frontier) -> bool:
        if frontier == self._frontier or not self._control.may_be_hit(event.author, self._frontier):
            return False
        return is_late(event, frontier, self.state, self._control)

    def _check_own(self, event: SignedEvent) -> None:
        """Nobody edits or deletes what another account said, as far as it is in the event's past."""
        target = self.store.get(event.body["target"])
        if target and target.author != event.author and self._ancestry.holds(event.parents, target):
            raise ProtocolError("event_rights", event.kind)

    def _check_place(self, event: SignedEvent, parents: list[StoredEvent], follows: bool) -> None:
        """`depth`, `prev` and `seq` against the event's past. `follows`: its device's latest event."""
        if event.depth != 1 + max([parent.depth for parent in parents]):
            raise ProtocolError("event_depth", "depth")
        if event.prev is not None:
            self._check_prev(event, event.prev)
        if not follows and self._ancestry.reaches(event.parents, event.device, event.seq):
            raise ProtocolError("event_depth", "seq")

    def _check_prev(self, event: SignedEvent, prev: str) -> None:
        before = self.store.get(prev)
        if before is None or (before.author, before.device) != (event.author, event.device):
            raise ProtocolError("event_id", "prev")
        if not self._ancestry.holds(event.parents, before):
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
                except (ProtocolError, _IsLate) as error:
                    self._forget(parked.id)
                    late = ProtocolError("event_late", "author")
                    refused.append((parked.id, late if isinstance(error, _IsLate) else error))
                else:
                    added.extend(outcome)
        return Added(tuple(added), tuple(refused))

    def _waiting_for(self, id: str) -> list[ParkedEvent]:
        return [parked for parked in self._parked.values() if id in parked.missing]

    def _retry(self, parked: ParkedEvent) -> list[SignedEvent]:
        event = restore(parked)
        self._require_this_swarm(event)
        parents = self._parents(event)
        if len(parents) < len(event.parents):
            self._park(event, self._missing_parents(event))
            return []
        self._accept(event, parents, self.store.latest(event.device))
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
        return self._control.state(self._known_frontier())

    def state_after(self, ids: Iterable[str]) -> State:
        """Members and devices after these events, which are held, and all their past."""
        return self._control.state(self._control.merged(held(self.store, id).frontier_after for id in ids))

    @property
    def past(self) -> Past:
        """The past of the next event written here: everything held. LookupError as for `state`."""
        return self._control.past(self._known_frontier())

    def _known_frontier(self) -> Frontier:
        if not self._frontier:
            raise LookupError("nothing here yet")
        return self._frontier

    def unconfirmed(self) -> tuple[str, ...]:
        """The heads by removed authors, which an entitled device should anchor by a `merge`."""
        heads = [held(self.store, head) for head in self.heads]
        return tuple(head.id for head in heads if self._is_removed(head))

    def _is_removed(self, event: StoredEvent) -> bool:
        state = self.state
        removed = (event.author, event.device) in state.revoked
        return removed or bool(state.in_force(event.author, event.device))

    def mark(self, event_id: str) -> Mark | None:
        """How an event that is held is to be shown."""
        stored = held(self.store, event_id)
        return self._marks.mark(stored, stored.type in CONTROL, self.state)

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


def _follows(event: SignedEvent, latest: StoredEvent | None) -> bool:
    """Whether nothing with this or a greater number of its device is held, whose latest event is given."""
    return latest is None or latest.seq < event.seq


def _stored(event: SignedEvent, frontier: Frontier, tips: bytes | None) -> StoredEvent:
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
        event.signed,
        tips,
    )
