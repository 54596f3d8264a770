"""What a device does when it is told of a new event (SPEC 7.11)."""

from dataclasses import dataclass
from typing import Literal

from homevault.protocol.swarm.state import State

# `fetch`: ask the announcing device for what lacks. `later`: the same, once one of the devices that have it
# is there. `ask`: ask the announcer for an invitation.
Step = Literal["nothing", "fetch", "later", "ask"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the receiver knows. `own`: an own device announces; `removed`: the conversation was, or its
    announcer is blocked; `here`: its beginning is held; `member`: the own account is one; `held`: the event
    is; `reachable`: the announcing device answers now."""

    own: bool
    removed: bool
    here: bool
    member: bool
    held: bool
    reachable: bool


def heed(known: Known) -> tuple[Step, bool]:
    """What to do, and whether to tell the own other devices: of news from others, once."""
    if known.removed or known.held:
        return "nothing", False
    if not known.own and not (known.here and known.member):
        return "ask", False
    return ("fetch" if known.reachable else "later"), not known.own


def may_be_invited(state: State, account: str) -> bool:
    """Whether somebody who asks for an invitation is sent the request (again): who is or may become a member.
    The others hear nothing."""
    admitted = state.mode == 3 or account in state.invited or account in (state.peer, state.creator)
    return not state.banned(account) and (admitted or state.member(account))


def may_fetch(state: State, own: str, account: str) -> bool:
    """Whether a device of `own` syncs the history with devices of this account (SPEC 10)."""
    return account == own or may_be_invited(state, account)


def taken_back(before: State, after: State) -> list[str]:
    """The accounts whose invitation was taken back between these states, sorted: whoever sent them the
    request tells them `withdrawn` (SPEC 7.9)."""
    return sorted(account for account in before.invited if not may_be_invited(after, account))
