"""Senior-first strong removal (SPEC 7.4, rules 2 to 4): from legal control events to the state they make.

Pure: the result depends on the set of events alone. Bans carry their quorum and the grant that ranks them,
which were judged when they were taken.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homevault.protocol.swarm.effects import apply, invited_by, stands
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.state import State, Target, begin, target_of

_ENDED = frozenset({"member.ban", "member.unban"})
_STRIDE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A control event among others: `bit` is its own place in masks, `past` the mask of its control
    ancestors."""

    event: SignedEvent
    bit: int
    past: int


def resolve(nodes: Iterable[Node]) -> State:
    """The state after these events, which hold all their control ancestors, `merge` events left out."""
    return _Resolution(sorted(nodes, key=lambda node: (node.event.depth, node.event.id))).state()


def follow(node: Node, state: State, index: Callable[[str], Node]) -> State:
    """The state after a legal event whose past this is the state of."""
    after = state.copy()
    _mark_last(node.event, after)
    apply(node.event, after, lambda id: bool(index(id).bit & node.past))
    return after


class _Resolution:
    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._index = {node.event.id: node for node in nodes}
        self._all = sum(node.bit for node in nodes)
        self._of: dict[Target, int] = defaultdict(int)
        self._raising: dict[str, int] = defaultdict(int)
        self._leaves = self._lasting = 0
        for node in nodes:
            self._note(node)
        self._revoked = 0
        for node in nodes:
            if node.bit & self._lasting:
                self._revoked |= self._beside(node) & self._of[target_of(node.event)] & ~self._lasting
        bans = [node for node in nodes if node.event.kind == "member.ban"]
        self._ban_bits = sum(node.bit for node in bans)
        self._bans = sorted((node for node in bans if not node.bit & self._revoked), key=self._rank)
        self._beside_of = {node.event.id: self._beside(node) for node in self._bans}
        # What the last replay went by, and its states before some of the nodes.
        self._void = self._standing = 0
        self._saved = [(1, begin(nodes[0].event))]
        self._voids = {node.event.id: self._voided_by(node) for node in self._bans}

    def _note(self, node: Node) -> None:
        """Sort an event under what removals name."""
        event = node.event
        self._of[event.author, None] |= node.bit
        self._of[event.author, event.device] |= node.bit
        if event.kind == "member.leave":
            self._leaves |= node.bit
        elif event.kind == "device.revocation":
            self._lasting |= node.bit
        elif event.kind == "member.grant":
            self._raising[event.body["account"]] |= node.bit
        elif event.kind == "member.add":
            self._raising[invited_by(event)] |= node.bit
        elif event.kind == "member.join" and "invite" in event.body:
            self._raising[event.body["invite"]] |= node.bit

    def _beside(self, node: Node) -> int:
        """The events concurrent to this one."""
        after = 0
        for other in self._nodes:
            if other.past & node.bit:
                after |= other.bit
        return self._all & ~(after | node.past | node.bit)

    def _rank(self, ban: Node) -> tuple[int, str, int, str]:
        senior = self._index[ban.event.body["senior"]].event
        return senior.depth, senior.id, ban.event.depth, ban.event.id

    def _voided_by(self, ban: Node) -> int:
        """What this ban makes void if it is effective (rule 4, b and c)."""
        account, device = target = target_of(ban.event)
        hit = self._of.get(target, 0) & ~self._lasting
        if device is None:
            hit = hit & ~self._leaves | self._raising.get(account, 0)
        return hit & self._beside_of[ban.event.id]

    def state(self) -> State:
        dropped = 0
        while True:
            effective = self._effective(dropped)
            outcome = self._replay(effective)
            if isinstance(outcome, State):
                return outcome
            dropped |= outcome.bit

    def _effective(self, dropped: int) -> list[Node]:
        """Senior to junior (rule 3)."""
        effective: list[Node] = []
        against: dict[Target, int] = defaultdict(int)
        for ban in self._bans:
            event = ban.event
            hits = against.get((event.author, None), 0) | against.get((event.author, event.device), 0)
            if not (ban.bit & dropped or hits & self._beside_of[event.id]):
                effective.append(ban)
                against[target_of(event)] |= ban.bit
        return effective

    def _replay(self, effective: list[Node]) -> State | Node:
        """The state (rule 4), or the first effective ban that fails."""
        standing = sum(ban.bit for ban in effective)
        void = self._revoked | self._ban_bits & ~standing
        for ban in effective:
            void |= self._voids[ban.event.id]
        place, state = self._resume(void, standing)
        for node in self._nodes[place:]:
            if place % _STRIDE == 0:
                self._saved.append((place, state.copy()))
            place += 1
            event = node.event
            if event.kind in _ENDED:
                _mark_last(event, state)
            if node.bit & void or not self._holds(event, state):
                if node.bit & standing:
                    return node
                state.void.add(event.id)
            else:
                apply(event, state, lambda id, past=node.past: bool(self._index[id].bit & past))  # type: ignore[misc]
        return state

    def _resume(self, void: int, standing: int) -> tuple[int, State]:
        """Where the replay differs from the one before at the earliest, rounded down, and the state there."""
        changed = void ^ self._void | standing ^ self._standing
        self._void, self._standing = void, standing
        places = (place for place, node in enumerate(self._nodes) if node.bit & changed)
        first = next(places, len(self._nodes))
        while self._saved[-1][0] > first:
            self._saved.pop()
        place, state = self._saved[-1]
        if place > 1:
            self._saved.pop()
        return place, state.copy()

    def _holds(self, event: SignedEvent, state: State) -> bool:
        if event.kind in _ENDED:
            votes = [vote for vote in event.body["votes"] if vote not in state.void]
            voters = {event.author, *(self._index[vote].event.author for vote in votes)}
            if len(voters) < event.body["quorum"]:
                return False
        return stands(event, state)


def _mark_last(event: SignedEvent, state: State) -> None:
    if event.kind in _ENDED:
        target = target_of(event)
        state.last[target] = max(state.last.get(target, (0, "")), (event.depth, event.id))
