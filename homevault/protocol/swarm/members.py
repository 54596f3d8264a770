"""Who may invite, join, leave, grant and resign, and commit devices (SPEC 7.3, table)."""

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.effects import admits
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.state import Pair, State

MAX_MEMBERS = 256
MAX_DEVICES = 16


def require(holds: bool, event: SignedEvent) -> None:
    """`event_rights` unless it holds."""
    if not holds:
        raise ProtocolError("event_rights", event.kind)


def require_type(holds: bool, event: SignedEvent) -> None:
    """`event_type` unless the mode has such events."""
    if not holds:
        raise ProtocolError("event_type", event.kind)


def require_entitled(event: SignedEvent, state: State) -> None:
    require(state.entitled(event.author, event.device), event)


def require_admin(event: SignedEvent, state: State) -> None:
    require(state.governs(event.author, event.device), event)


def _require_room(taken: int, room: int, event: SignedEvent) -> None:
    if taken >= room:
        raise ProtocolError("event_limit", event.kind)


def may_add(event: SignedEvent, state: State) -> None:
    require_type(state.mode in (1, 2), event)
    (require_admin if state.mode == 1 else require_entitled)(event, state)
    account, invite = event.body["account"], event.body["invite"]
    if account is not None:
        known = account in state.joined or account in state.invited
        require(not known and not state.banned(account), event)
        _require_room(len(state.invited), MAX_MEMBERS, event)
    else:
        require(invite not in state.links and not state.banned(invite), event)
        _require_room(len(state.links), MAX_MEMBERS, event)


def may_join(event: SignedEvent, state: State) -> None:
    require_type("invite" not in event.body or state.mode in (1, 2), event)
    pair = (event.author, event.device)
    require(event.author not in state.joined and not state.banned(event.author), event)
    require(pair not in state.revoked and pair not in state.bans, event)
    require(admits(event, state), event)
    if state.mode:
        _require_room(len(state.members), MAX_MEMBERS, event)
    _require_room_for_device(pair, event, state)


def may_leave(event: SignedEvent, state: State) -> None:
    """The only admin grants before leaving the others."""
    require_entitled(event, state)
    if state.mode:
        require(len(state.members) == 1 or state.admins.keys() != {event.author}, event)


def may_grant(event: SignedEvent, state: State) -> None:
    require_type(state.mode != 0, event)
    require_admin(event, state)
    account = event.body["account"]
    require(state.member(account) and account not in state.granted, event)


def may_resign(event: SignedEvent, state: State) -> None:
    require_type(state.mode != 0, event)
    require_entitled(event, state)
    require(event.author in state.granted and len(state.granted) > 1, event)


def may_edit_profile(event: SignedEvent, state: State) -> None:
    require_type(state.mode != 0, event)
    require_admin(event, state)


def may_commit(event: SignedEvent, state: State) -> None:
    """A member's device commits that of any member; a new device of a member may commit itself."""
    certificate = event.body["certificate"]
    pair = (certificate["account"], certificate["device"])
    require(state.member(pair[0]), event)
    require(pair not in state.revoked and pair not in state.bans, event)
    if pair != (event.author, event.device):
        require_entitled(event, state)
    _require_room_for_device(pair, event, state)


def may_revoke(event: SignedEvent, state: State) -> None:
    require_entitled(event, state)
    require(state.member(event.body["revocation"]["account"]), event)


def _require_room_for_device(pair: Pair, event: SignedEvent, state: State) -> None:
    if pair not in state.committed:
        held = sum(account == pair[0] for account, _ in state.committed - state.revoked)
        _require_room(held, MAX_DEVICES, event)
