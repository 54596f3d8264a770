"""Who may do what in a swarm, judged once against an event's own past (SPEC 7.3, 7.4 rule 1)."""

from collections.abc import Callable

from homevault.protocol.swarm import members, votes
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.members import require_entitled
from homevault.protocol.swarm.state import State
from homevault.protocol.swarm.votes import Past


def judge(event: SignedEvent, past: Past) -> None:
    """`event_type`, `event_rights`, `event_limit` or `event_vote` unless the control event is legal after its
    past."""
    RULES[event.kind](event, past)


def judge_content(event: SignedEvent, state: State) -> None:
    """`event_rights` unless the content is legal after this state."""
    require_entitled(event, state)


def changes(event: SignedEvent) -> bool:
    """Whether the event is one that states are made of."""
    return event.control and event.type != "merge"


def _in_state(rule: Callable[[SignedEvent, State], None]) -> Callable[[SignedEvent, Past], None]:
    return lambda event, past: rule(event, past.state)


RULES: dict[str, Callable[[SignedEvent, Past], None]] = {
    "member.add": _in_state(members.may_add),
    "member.join": _in_state(members.may_join),
    "member.leave": _in_state(members.may_leave),
    "member.grant": _in_state(members.may_grant),
    "member.resign": _in_state(members.may_resign),
    "member.ban": votes.may_ban,
    "member.unban": votes.may_unban,
    "vote": votes.may_vote,
    "device": _in_state(members.may_commit),
    "device.revocation": _in_state(members.may_revoke),
    "update-profile": _in_state(members.may_edit_profile),
    "merge": _in_state(members.require_entitled),
}
