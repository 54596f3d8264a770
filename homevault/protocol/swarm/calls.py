"""The calls of a conversation, told from its `call-history` events (SPEC 7.7).

Who hosts, what runs, how it ended: a function of the events held and of how they are marked, never of times.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.late import Mark
from homevault.protocol.swarm.lines import place_of
from homevault.protocol.swarm.state import Pair, Place, State

Outcome = Literal["running", "dropped", "ended", "missed", "declined"]
Marked = Callable[[str], Mark | None]


@dataclass(frozen=True, slots=True)
class Call:
    """`start` is the event that began it; `dropped`: its host may not host any more. `duration` in
    milliseconds, of an `ended` one only."""

    id: str
    start: str
    account: str
    device: str
    outcome: Outcome
    duration: int | None


class Calls:
    """Takes the events of one swarm in any order; others than `call-history` do nothing."""

    def __init__(self, events: Iterable[SignedEvent] = ()) -> None:
        self._told: dict[str, dict[str, SignedEvent]] = defaultdict(dict)
        self.take(events)

    def take(self, events: Iterable[SignedEvent]) -> None:
        for event in events:
            if event.type == "call-history":
                self._told[event.body["call"]][event.id] = event

    def all(self, state: State, mark: Marked) -> tuple[Call, ...]:
        """Every call that was begun, in the order of the beginnings. `mark` is that of the replica."""
        found: list[tuple[Place, Call]] = []
        for told in self._told.values():
            standing = sorted((event for event in told.values() if mark(event.id) is None), key=place_of)
            start = next((event for event in standing if event.body["outcome"] == "started"), None)
            if start is not None:
                found.append((place_of(start), _call(start, standing, state)))
        return tuple(call for _, call in sorted(found, key=lambda each: each[0]))

    def running(self, state: State, mark: Marked) -> Call | None:
        """The call to join: of several that run, the one that was begun first."""
        return next((call for call in self.all(state, mark) if call.outcome == "running"), None)


def host_of(hosts: Iterable[str], state: State) -> Pair | None:
    """Who is to host a new call: the first of the profile's `hosts` that may; None: whoever calls."""
    for host in hosts:
        account, _, device = host.partition("/")
        if state.entitled(account, device):
            return account, device
    return None


def _call(start: SignedEvent, standing: list[SignedEvent], state: State) -> Call:
    end = next((event for event in standing if _ends(event, start, state)), None)
    outcome: Outcome = "running" if state.entitled(start.author, start.device) else "dropped"
    if end is not None:
        outcome = end.body["outcome"]
    duration = end.body["duration"] if end else None
    return Call(start.body["call"], start.id, start.author, start.device, outcome, duration)


def _ends(event: SignedEvent, start: SignedEvent, state: State) -> bool:
    """The host's account ends a call; between two people the other one may as well."""
    return event.body["outcome"] != "started" and (event.author == start.author or state.mode == 0)
