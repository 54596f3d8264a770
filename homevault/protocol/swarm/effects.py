"""What control events do to a State, and whether their authors still may when the events of several branches
are replayed (SPEC 7.4, rule 4: e and f, effects)."""

from collections.abc import Callable

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.state import State, target_of

# Whether an event of this id lies in the past of the one being applied.
Before = Callable[[str], bool]


def stands(event: SignedEvent, state: State) -> bool:
    """Whether the author is still entitled, in the middle of a replay."""
    return STANDS[event.kind](event, state)


def apply(event: SignedEvent, state: State, before: Before) -> None:
    """Change the state."""
    EFFECTS[event.kind](event, state, before)


def _governs(event: SignedEvent, state: State) -> bool:
    return state.governs(event.author, event.device)


def _add_stands(event: SignedEvent, state: State) -> bool:
    may = state.governs if state.mode == 1 else state.entitled
    return may(event.author, event.device) and not state.banned(invited_by(event))


def _join_stands(event: SignedEvent, state: State) -> bool:
    pair = (event.author, event.device)
    if pair in state.revoked or pair in state.bans or state.banned(event.author):
        return False
    return event.author in state.joined or admits(event, state)


def admits(event: SignedEvent, state: State) -> bool:
    """Whether the mode lets the author of a join in."""
    if state.mode == 0:
        return event.author == state.peer
    if state.mode == 3:
        return True
    if "invite" in event.body:
        return event.body["invite"] in state.links
    return event.author in state.invited


def _grant_stands(event: SignedEvent, state: State) -> bool:
    return _governs(event, state) and state.member(event.body["account"])


def _resign_stands(event: SignedEvent, state: State) -> bool:
    return state.entitled(event.author, event.device) and event.author in state.granted


def _device_stands(event: SignedEvent, state: State) -> bool:
    certificate = event.body["certificate"]
    pair = (certificate["account"], certificate["device"])
    if pair[0] not in state.joined:
        return False
    return pair == (event.author, event.device) or state.entitled(event.author, event.device)


def invited_by(event: SignedEvent) -> str:
    """The account or invite key of an `add`."""
    return str(event.body["account"] or event.body["invite"])


def _add(event: SignedEvent, state: State, before: Before) -> None:
    account, invite = event.body["account"], event.body["invite"]
    if invite is not None:
        state.links.add(invite)
    elif account not in state.joined:
        state.invited.add(account)


def _join(event: SignedEvent, state: State, before: Before) -> None:
    state.joined.setdefault(event.author, (event.depth, event.id))
    state.invited.discard(event.author)
    state.committed.add((event.author, event.device))


def _leave(event: SignedEvent, state: State, before: Before) -> None:
    state.joined.pop(event.author, None)
    state.granted.pop(event.author, None)


def _grant(event: SignedEvent, state: State, before: Before) -> None:
    state.granted.setdefault(event.body["account"], (event.depth, event.id))


def _resign(event: SignedEvent, state: State, before: Before) -> None:
    state.granted.pop(event.author, None)


def _ban(event: SignedEvent, state: State, before: Before) -> None:
    account, device = target = target_of(event)
    state.bans[target] = state.bans.get(target, frozenset()) | {event.id}
    state.removals[event.id] = target
    if device is None:
        state.granted.pop(account, None)
        state.invited.discard(account)
        state.links.discard(account)


def _unban(event: SignedEvent, state: State, before: Before) -> None:
    target = target_of(event)
    left = frozenset(ban for ban in state.bans.pop(target, ()) if not before(ban))
    if left:
        state.bans[target] = left


def _device(event: SignedEvent, state: State, before: Before) -> None:
    certificate = event.body["certificate"]
    state.committed.add((certificate["account"], certificate["device"]))


def _revocation(event: SignedEvent, state: State, before: Before) -> None:
    account, device = target_of(event)
    state.revoked.add((account, str(device)))
    state.removals[event.id] = (account, device)


def _profile(event: SignedEvent, state: State, before: Before) -> None:
    state.profile = frozenset(edit for edit in state.profile if not before(edit)) | {event.id}


def _nothing(event: SignedEvent, state: State, before: Before) -> None:
    """A vote counts in the ban that cites it."""


STANDS: dict[str, Callable[[SignedEvent, State], bool]] = {
    "member.add": _add_stands,
    "member.join": _join_stands,
    "member.leave": lambda event, state: state.active(event.author, event.device),
    "member.grant": _grant_stands,
    "member.resign": _resign_stands,
    "member.ban": _governs,
    "member.unban": _governs,
    "vote": _governs,
    "device": _device_stands,
    "device.revocation": lambda event, state: True,
    "update-profile": _governs,
}
EFFECTS: dict[str, Callable[[SignedEvent, State, Before], None]] = {
    "member.add": _add,
    "member.join": _join,
    "member.leave": _leave,
    "member.grant": _grant,
    "member.resign": _resign,
    "member.ban": _ban,
    "member.unban": _unban,
    "vote": _nothing,
    "device": _device,
    "device.revocation": _revocation,
    "update-profile": _profile,
}
