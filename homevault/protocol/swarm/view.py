"""What a conversation shows (SPEC 7.6), kept up event by event.

Promise: the same lines for the same events, in whatever order they came. A content event costs the same
however long the conversation is; a removal costs what its target wrote.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.lines import AMENDING, Line, Look, look_of, place_of, show
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.state import Place, Target


class View:
    """The lines of a replica; give `take` whatever the replica added."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._lines: dict[str, tuple[SignedEvent, Look]] = {}
        self._order: list[Place] = []
        self._naming: dict[str, dict[str, SignedEvent]] = defaultdict(dict)
        self._reacted: dict[str, str] = {}
        self._by_author: dict[str, dict[str, SignedEvent]] = defaultdict(dict)
        self._made: dict[str, Line] = {}
        self._removals: dict[str, Target] = {}
        self._void: frozenset[str] = frozenset()
        self.take(replica.display_order())

    def take(self, events: Iterable[SignedEvent]) -> set[str]:
        """Take events that the replica holds. The ids of the lines that are new or have changed."""
        changed: set[str] = set()
        control = False
        for event in events:
            changed |= self._amend(event) if event.type in AMENDING else self._append(event)
            control = control or event.control
        if control:
            changed |= self._remark()
        for id in changed:
            self._made.pop(id, None)
        return changed & self._lines.keys()

    def __len__(self) -> int:
        return len(self._order)

    def get(self, id: str) -> Line | None:
        """A line by its event; None if that has none or is not here."""
        if id not in self._made and id in self._lines:
            event, look = self._lines[id]
            self._made[id] = show(event, look, self._replica.mark(id), self._standing)
        return self._made.get(id)

    def lines(self, after: str | None = None) -> Iterator[Line]:
        """In display order, all of them or those after the line of this event. KeyError if it has none."""
        start = bisect_right(self._order, place_of(self._lines[after][0])) if after else 0
        return (line for _, id in self._order[start:] if (line := self.get(id)))

    def newest(self, wanted: Callable[[Line], bool] = lambda line: True) -> Line | None:
        """The last line that is wanted."""
        lines = (self.get(id) for _, id in reversed(self._order))
        return next((line for line in lines if line and wanted(line)), None)

    def count_after(self, id: str) -> int:
        """How many lines follow that of this event. KeyError if it has none."""
        return len(self._order) - bisect_right(self._order, place_of(self._lines[id][0]))

    def _append(self, event: SignedEvent) -> set[str]:
        look = look_of(event)
        if look is None or event.id in self._lines:
            return set()
        self._lines[event.id] = (event, look)
        insort(self._order, place_of(event))
        if not event.control:
            self._by_author[event.author][event.id] = event
        return {event.id}

    def _amend(self, event: SignedEvent) -> set[str]:
        target = event.body["target"]
        self._naming[target][event.id] = event
        self._by_author[event.author][event.id] = event
        if event.type == "reaction":
            self._reacted[event.id] = target
        return {self._reacted.get(target, target)}

    def _standing(self, target: str) -> Iterator[SignedEvent]:
        events = self._naming.get(target, {}).values()
        return (event for event in events if self._replica.mark(event.id) is None)

    def _remark(self) -> set[str]:
        """The lines whose marks may be others after control events."""
        state = self._replica.state
        before, self._removals = self._removals, dict(state.removals)
        void, self._void = self._void, frozenset(state.void)
        changed = set(void ^ self._void)
        if before.keys() != self._removals.keys():
            accounts = {account for account, _ in (*before.values(), *self._removals.values())}
            changed.update(id for account in accounts for id in self._touched_by(account))
        return changed

    def _touched_by(self, account: str) -> Iterator[str]:
        for event in self._by_author.get(account, {}).values():
            target = event.body["target"] if event.type in AMENDING else event.id
            yield self._reacted.get(target, target)
