"""Events of removed authors that are concurrent to their removal (SPEC 7.4 rule 6, 7.6 marks)."""

from typing import Literal

from homevault.protocol.ports import EventStore, ParkedEvent, StoredEvent
from homevault.protocol.swarm.ancestry import Ancestry
from homevault.protocol.swarm.control import ControlHistory, Frontier, held
from homevault.protocol.swarm.events import SignedEvent, restore_author
from homevault.protocol.swarm.state import State, Target

Mark = Literal["void", "collapsed"]


def is_hit(author: str, device: str, target: Target) -> bool:
    """Whether a removal of this target hits events of this device."""
    return target[0] == author and target[1] in (None, device)


def is_late(event: SignedEvent, frontier: Frontier, state: State, control: ControlHistory) -> bool:
    """Whether a removal in `state`, the one of all that is held, hits an event with this control past."""
    if (event.author, event.device) in state.revoked:
        return True
    bans = state.in_force(event.author, event.device)
    return any(not control.holds(frontier, ban) for ban in bans)


def is_confirmed(id: str, waiting: dict[str, ParkedEvent], state: State) -> bool:
    """Whether an entitled device's waiting event stands on this one, through waiting ones only."""
    reached, seen = [id], {id}
    while reached:
        below = reached.pop()
        for event in waiting.values():
            if below in event.missing and event.id not in seen:
                if state.entitled(*restore_author(event)):
                    return True
                seen.add(event.id)
                reached.append(event.id)
    return False


class Marks:
    """How events are to be shown. What a removal of a device that forked has in its past is walked through
    once."""

    def __init__(self, store: EventStore, control: ControlHistory, ancestry: Ancestry) -> None:
        self._store = store
        self._control = control
        self._ancestry = ancestry
        self._confirmed: dict[str, frozenset[str]] = {}

    def mark(self, event: StoredEvent, control: bool, state: State) -> Mark | None:
        """`state` is that of all that is held."""
        if control:
            return "void" if event.id in state.void else None
        hits = (id for id, target in state.removals.items() if is_hit(event.author, event.device, target))
        return "collapsed" if any(self._concurrent(event, removal) for removal in hits) else None

    def _concurrent(self, event: StoredEvent, removal: str) -> bool:
        if self._control.holds(event.frontier_before, removal):
            return False
        if not self._ancestry.forks.of(event.device):
            return not self._ancestry.holds(held(self._store, removal).parents, event)
        if removal not in self._confirmed:
            self._confirmed[removal] = self._hit_before(held(self._store, removal))
        return event.id not in self._confirmed[removal]

    def _hit_before(self, removal: StoredEvent) -> frozenset[str]:
        """The events in the past of a removal that it hits."""
        target = self._control.target(removal.id)
        found: set[str] = set()
        seen = set(removal.parents)
        waiting = list(removal.parents)
        while waiting:
            event = held(self._store, waiting.pop())
            if is_hit(event.author, event.device, target):
                found.add(event.id)
            fresh = [parent for parent in event.parents if parent not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return frozenset(found)
