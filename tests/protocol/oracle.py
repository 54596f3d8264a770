"""Strong removal once more, as plainly as SPEC 7.4 says it and as slowly: sets of ids, no masks, no memory.

Only for comparing. What single events do (`effects`) is shared with the real one.
"""

from collections.abc import Iterable, Mapping

from homevault.protocol.swarm import effects
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.state import State, begin, target_of

BAN, UNBAN, REVOCATION = "member.ban", "member.unban", "device.revocation"


class Oracle:
    """Over all held events, by id."""

    def __init__(self, events: Iterable[SignedEvent]) -> None:
        ordered = sorted(events, key=lambda event: (event.depth, event.id))
        self.past: dict[str, set[str]] = {}
        for event in ordered:
            self.past[event.id] = {*event.parents}.union(*(self.past[parent] for parent in event.parents))
        self.all = {event.id: event for event in ordered}
        self.control = [event for event in ordered if event.control and event.type != "merge"]

    def concurrent(self, a: str, b: str) -> bool:
        return a != b and a not in self.past[b] and b not in self.past[a]

    def hits(self, removal: SignedEvent, event: SignedEvent) -> bool:
        """Whether the removal names the event's author and device, and is concurrent to it."""
        account, device = target_of(removal)
        named = account == event.author and device in (None, event.device)
        return named and self.concurrent(removal.id, event.id)

    def of_kind(self, kind: str) -> list[SignedEvent]:
        return [event for event in self.control if event.kind == kind]

    def revoked(self, event: SignedEvent) -> bool:
        return any(self.hits(each, event) for each in self.of_kind(REVOCATION))

    def seniority(self, ban: SignedEvent) -> tuple[int, str, int, str]:
        senior = self.all[ban.body["senior"]]
        return (senior.depth, senior.id, ban.depth, ban.id)

    def effective(self, dropped: set[str]) -> list[SignedEvent]:
        found: list[SignedEvent] = []
        for ban in sorted(self.of_kind(BAN), key=self.seniority):
            if ban.id in dropped or self.revoked(ban):
                continue
            if not any(self.hits(senior, ban) for senior in found):
                found.append(ban)
        return found

    def void(self, event: SignedEvent, effective: list[SignedEvent], state: State) -> bool:
        """Rule 4, a to f."""
        if event.kind == REVOCATION:
            return False
        if self.revoked(event):
            return True
        for ban in effective:
            account, device = target_of(ban)
            if self.hits(ban, event) and not (event.kind == "member.leave" and device is None):
                return True
            if device is None and account in raised(event) and self.concurrent(ban.id, event.id):
                return True
        if event.kind == BAN and event not in effective:
            return True
        if event.kind in (BAN, UNBAN):
            voters = {self.all[vote].author for vote in event.body["votes"] if vote not in state.void}
            if len(voters | {event.author}) < event.body["quorum"]:
                return True
        return not effects.stands(event, state)

    def replay(self, effective: list[SignedEvent]) -> tuple[State, list[SignedEvent]]:
        state, failed = begin(self.control[0]), []
        for event in self.control[1:]:
            if event.kind in (BAN, UNBAN):
                same = [
                    one
                    for one in self.control
                    if one.kind in (BAN, UNBAN) and (one.depth, one.id) <= (event.depth, event.id)
                ]
                place = max((one.depth, one.id) for one in same if target_of(one) == target_of(event))
                state.last[target_of(event)] = place
            if self.void(event, effective, state):
                state.void.add(event.id)
                failed += [event] if event in effective else []
            else:
                effects.apply(event, state, self.past[event.id].__contains__)
        return state, failed

    def state(self) -> State:
        dropped: set[str] = set()
        while True:
            state, failed = self.replay(self.effective(dropped))
            if not failed:
                return state
            dropped.add(failed[0].id)

    def marks(self, state: State) -> Mapping[str, str]:
        """Void control events and collapsed content."""
        removals = [self.all[id] for id in state.removals]
        content = [event for event in self.all.values() if not event.control]
        collapsed = [event.id for event in content if any(self.hits(each, event) for each in removals)]
        return {**dict.fromkeys(state.void, "void"), **dict.fromkeys(collapsed, "collapsed")}


def raised(event: SignedEvent) -> set[str]:
    """Whom a grant or an add raises, and the invite key a join used."""
    if event.kind == "member.grant":
        return {event.body["account"]}
    if event.kind == "member.add":
        return {event.body["account"] or event.body["invite"]}
    if event.kind == "member.join":
        return {event.body["invite"]} if "invite" in event.body else set()
    return set()
