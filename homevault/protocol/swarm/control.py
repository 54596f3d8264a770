"""The control history of one replica: which control events lie in a past, and the state they amount to.

A past is named by its *frontier*, the latest control events in it (sorted ids). An event that is not
control costs a look at its parents' frontiers, however long the history is. States are kept by frontier: that
after one latest event follows from the state before it, only a union of branches is resolved anew.
"""

from collections.abc import Iterable

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.events import SignedEvent, restore
from homevault.protocol.swarm.resolve import Node, follow, resolve
from homevault.protocol.swarm.state import REMOVALS, State, Target, begin, target_of
from homevault.protocol.swarm.votes import Past

Frontier = tuple[str, ...]
_KEPT = 128


class ControlHistory:
    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._nodes: dict[str, Node] = {}
        self._frontiers: dict[str, Frontier] = {}
        self._states: dict[Frontier, State] = {}
        self._named: set[str] = set()

    def merged(self, frontiers: Iterable[Frontier]) -> Frontier:
        """The frontier of the union of several pasts."""
        distinct = set(frontiers)
        if len(distinct) == 1:
            return distinct.pop()
        latest = [self._node(id) for id in {id for frontier in distinct for id in frontier}]
        covered = 0
        for node in latest:
            covered |= node.past
        return tuple(sorted(node.event.id for node in latest if not node.bit & covered))

    def state(self, frontier: Frontier) -> State:
        """What the control events of this past amount to. Not to be changed."""
        known = self._states.get(frontier)
        if known is None:
            known = self._compute(frontier)
            if len(self._states) >= _KEPT:
                self._states.pop(next(iter(self._states)))
            self._states[frontier] = known
        return known

    def past(self, frontier: Frontier) -> Past:
        """The state with the control events behind it."""
        mask = self._mask(frontier)

        def find(id: str) -> SignedEvent | None:
            node = self._nodes.get(id)
            return node.event if node and node.bit & mask else None

        return Past(self.state(frontier), find, lambda: [node.event for node in self._within(mask)])

    def holds(self, frontier: Frontier, id: str) -> bool:
        """Whether the control event `id` lies in the past of this frontier."""
        return bool(self._node(id).bit & self._mask(frontier))

    def may_be_hit(self, account: str, frontier: Frontier) -> bool:
        """False if no ban or revocation up to this frontier names the account, without resolving anything."""
        for id in frontier:
            self._node(id)
        return account in self._named

    def target(self, id: str) -> Target:
        """Whom the removal `id` names."""
        return target_of(self._node(id).event)

    def _compute(self, frontier: Frontier) -> State:
        if len(frontier) == 1:
            node = self._node(frontier[0])
            before = self._frontiers[frontier[0]]
            if not before:
                return begin(node.event)
            if before in self._states:
                return follow(node, self._states[before], self._nodes.__getitem__)
        return resolve(self._within(self._mask(frontier)))

    def _mask(self, frontier: Frontier) -> int:
        mask = 0
        for id in frontier:
            node = self._node(id)
            mask |= node.bit | node.past
        return mask

    def _within(self, mask: int) -> list[Node]:
        return [node for node in self._nodes.values() if node.bit & mask]

    def _node(self, id: str) -> Node:
        """A control event, read with all its control ancestors when it is first needed."""
        waiting = [] if id in self._nodes else [held(self._store, id)]
        while waiting:
            stored = waiting[-1]
            before = stored.frontier_before
            absent = [each for each in before if each not in self._nodes]
            if absent:
                waiting.extend(held(self._store, each) for each in absent)
                continue
            waiting.pop()
            if stored.id not in self._nodes:
                self._frontiers[stored.id] = before
                node = Node(restore(stored), 1 << len(self._nodes), self._mask(before))
                self._nodes[stored.id] = node
                if node.event.kind in REMOVALS:
                    self._named.add(target_of(node.event)[0])
        return self._nodes[id]


def held(store: EventStore, id: str) -> StoredEvent:
    """An event that is known to be stored."""
    stored = store.get(id)
    if stored is None:
        raise LookupError(f"the store lost event {id}")
    return stored
