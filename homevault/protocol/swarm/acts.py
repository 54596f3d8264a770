"""What people do in groups (SPEC 7.3, modes 1 to 3): each writes one event on top of everything held.

ProtocolError, and nothing stored, if it would not be legal.
"""

from collections.abc import Mapping
from typing import Any

from homevault.protocol.keys import SignKey
from homevault.protocol.ports import Random
from homevault.protocol.swarm.author import write
from homevault.protocol.swarm.events import SignedEvent, join_proof, make_initial, read_signed_event
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.state import Target
from homevault.protocol.swarm.votes import Poll

UNTITLED: dict[str, Any] = {"title": None, "description": None, "avatar": None, "hosts": []}


def begin_group(
    replica: Replica, key: SignKey, certificate: Mapping[str, Any], mode: int, now: int, random: Random
) -> SignedEvent:
    """Start a group of mode 1, 2 or 3 in an empty replica."""
    event = read_signed_event(make_initial(key, certificate, mode, None, now, random))
    replica.add(event)
    return event


def invite(replica: Replica, key: SignKey, account: str, whom: str, now: int) -> SignedEvent:
    """Invite an account."""
    return _member(replica, key, account, "add", now, account=whom, invite=None)


def open_link(replica: Replica, key: SignKey, account: str, public: str, now: int) -> SignedEvent:
    """Let whoever holds the private half of this invite key join."""
    return _member(replica, key, account, "add", now, account=None, invite=public)


def join_by_link(
    replica: Replica, key: SignKey, certificate: Mapping[str, Any], invite_key: SignKey, now: int
) -> SignedEvent:
    """Become a member by a join link."""
    account = str(certificate["account"])
    proof = join_proof(invite_key, str(replica.swarm), account, key.public)
    body = {"certificate": dict(certificate), "invite": invite_key.public, "proof": proof}
    return _member(replica, key, account, "join", now, **body)


def grant(replica: Replica, key: SignKey, account: str, whom: str, now: int) -> SignedEvent:
    """Make a member an admin."""
    return _member(replica, key, account, "grant", now, account=whom)


def resign(replica: Replica, key: SignKey, account: str, now: int) -> SignedEvent:
    """Be an admin no longer."""
    return _member(replica, key, account, "resign", now)


def decide(
    replica: Replica, key: SignKey, account: str, action: str, target: Target, now: int
) -> SignedEvent:
    """Speak for a `ban` or `unban`: the deed itself if one's voice completes the quorum, else a vote."""
    poll = Poll(action, target, replica.past)
    votes = poll.votes(account)
    if len(votes) + 1 < poll.quorum or account not in poll.past.state.admins:
        return vote(replica, key, account, action, target, now)
    return write(replica, key, account, "member", deed(poll, account, votes), now)


def vote(replica: Replica, key: SignKey, account: str, action: str, target: Target, now: int) -> SignedEvent:
    """A vote to `ban` or `unban` an account, an invite key or one device."""
    last = Poll(action, target, replica.past).last
    body = {"action": action, "account": target[0], "device": target[1], "last": last}
    return write(replica, key, account, "vote", body, now)


def deed(poll: Poll, account: str, votes: list[str]) -> dict[str, Any]:
    """The body of a ban or unban by this account that cites these votes."""
    voters = {account, *(vote.author for id in votes if (vote := poll.past.find(id)))}
    return {
        "action": poll.action,
        "account": poll.target[0],
        "device": poll.target[1],
        "quorum": poll.quorum,
        "senior": poll.senior(voters),
        "votes": votes,
    }


def edit_profile(
    replica: Replica, key: SignKey, account: str, profile: Mapping[str, Any], now: int
) -> SignedEvent:
    """Say what the group is called, is about and looks like; what `profile` leaves out is taken away."""
    return write(replica, key, account, "update-profile", {**UNTITLED, **profile}, now)


def _member(
    replica: Replica, key: SignKey, author: str, action: str, now: int, /, **body: Any
) -> SignedEvent:
    return write(replica, key, author, "member", {"action": action, **body}, now)
