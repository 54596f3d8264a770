"""Who may do what in a swarm, judged against an event's own past (SPEC 7.3).

`State` is what the control events of a past amount to. Each kind of control event has one rule: is it legal
in that state, and what does it make of it. Only mode 0 is carried so far; in it rights only grow, so the
state of any past is the replay of its control events by (depth, id).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.events import SignedEvent

MODES = frozenset({0})


@dataclass(frozen=True, slots=True)
class State:
    """Members and their devices at one place of the history. `devices` are (account, device) pairs."""

    mode: int
    creator: str
    peer: str | None
    members: frozenset[str]
    devices: frozenset[tuple[str, str]]

    def entitled(self, author: str, device: str) -> bool:
        return author in self.members and (author, device) in self.devices


@dataclass(frozen=True, slots=True)
class Rule:
    """`legal` raises unless the event may follow the state; `apply` gives the state after it. A rule that
    does not `change` the state keeps its events out of the frontiers."""

    legal: Callable[[SignedEvent, State], None]
    apply: Callable[[SignedEvent, State], State]
    changes: bool = True


def begin(event: SignedEvent) -> State:
    """The state after an initial event."""
    peer = event.body["peer"]
    introduced = frozenset({(event.author, event.device)})
    return State(event.body["mode"], event.author, peer, frozenset({event.author}), introduced)


def check_mode(event: SignedEvent) -> None:
    """`unknown_mode` unless this version carries the mode of the initial event."""
    if event.body["mode"] not in MODES:
        raise ProtocolError("unknown_mode", "mode")


def judge(event: SignedEvent, past: State) -> None:
    """`event_rights` or `event_type` unless the event is legal after its past."""
    if event.control:
        RULES[event.kind].legal(event, past)
    else:
        _entitled(event, past)


def changes(event: SignedEvent) -> bool:
    """Whether the event is one that states are made of."""
    return event.type == "initial" or (event.control and RULES[event.kind].changes)


def apply(event: SignedEvent, past: State) -> State:
    return RULES[event.kind].apply(event, past)


def replay(events: Iterable[SignedEvent]) -> State:
    """The state after the control events of a past, which come by (depth, id), the initial one first."""
    state: State | None = None
    for event in events:
        state = begin(event) if state is None else apply(event, state)
    if state is None:
        raise ValueError("a past begins with an initial event")
    return state


def _entitled(event: SignedEvent, past: State) -> None:
    if not past.entitled(event.author, event.device):
        raise ProtocolError("event_rights", event.kind)


def _may_join(event: SignedEvent, past: State) -> None:
    if past.mode != 0:
        raise ProtocolError("event_type", event.kind)
    if event.author != past.peer or event.author in past.members:
        raise ProtocolError("event_rights", event.kind)


def _may_commit_device(event: SignedEvent, past: State) -> None:
    """A member's device commits that of any member; a new device of a member may commit itself."""
    certificate = event.body["certificate"]
    if certificate["account"] not in past.members:
        raise ProtocolError("event_rights", event.kind)
    itself = (certificate["account"], certificate["device"]) == (event.author, event.device)
    if not itself:
        _entitled(event, past)


def _introduced(event: SignedEvent, past: State) -> State:
    certificate = event.body["certificate"]
    account = certificate["account"]
    return replace(
        past,
        members=past.members | {account},
        devices=past.devices | {(account, certificate["device"])},
    )


def _unchanged(event: SignedEvent, past: State) -> State:
    return past


RULES: dict[str, Rule] = {
    "member.join": Rule(_may_join, _introduced),
    "device": Rule(_may_commit_device, _introduced),
    "merge": Rule(_entitled, _unchanged, changes=False),
}
