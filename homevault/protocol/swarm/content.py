"""Saying things about what was said (SPEC 7.6): each function writes one event on top of everything held.

ProtocolError, and nothing stored, if it would change nothing: `event_id` for a target that is not here or
cannot be changed so, `event_rights` for another account's.
"""

from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.lines import look_of
from homevault.protocol.swarm.replica import Replica


def reply(replica: Replica, key: SignKey, account: str, target: str, text: str, now: int) -> SignedEvent:
    """Say something about a line of content."""
    _line(replica, target)
    return author.text(replica, key, account, text, now, target)


def edit(replica: Replica, key: SignKey, account: str, target: str, text: str, now: int) -> SignedEvent:
    """Say one's own text anew."""
    if _line(replica, target, account).type != "text":
        raise ProtocolError("event_id", "target")
    return _about(replica, key, account, "edit", target, now, text=text)


def delete(replica: Replica, key: SignKey, account: str, target: str, now: int) -> SignedEvent:
    """Take one's own content or reaction away."""
    event = replica.get(target)
    if event is None or event.type != "reaction":
        _line(replica, target, account)
    elif event.author != account:
        raise ProtocolError("event_rights", "target")
    return _about(replica, key, account, "delete", target, now)


def react(replica: Replica, key: SignKey, account: str, target: str, emoji: str, now: int) -> SignedEvent:
    """Put an emoji to a line of content."""
    _line(replica, target)
    return _about(replica, key, account, "reaction", target, now, emoji=emoji)


def _line(replica: Replica, target: str, account: str | None = None) -> SignedEvent:
    """The content of that id that has a line; by `account`, if given."""
    event = replica.get(target)
    if event is None or look_of(event) in (None, "control"):
        raise ProtocolError("event_id", "target")
    if account not in (None, event.author):
        raise ProtocolError("event_rights", "target")
    return event


def _about(
    replica: Replica, key: SignKey, account: str, type: str, target: str, now: int, **body: Any
) -> SignedEvent:
    return author.write(replica, key, account, type, {"target": target, **body}, now)
