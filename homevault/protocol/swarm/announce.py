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
    """Whether somebody who asks for an invitation is sent the request (again), and may have the history: who
    is or may become a member. The others hear nothing."""
    admitted = state.mode == 3 or account in state.invited or account in (state.peer, state.creator)
    return not state.banned(account) and (admitted or state.member(account))
