"""Writing into a swarm: the next event of one's own device, on top of everything held (SPEC 7.1, 7.3). What
only groups have is in `acts`.

Only one place may write for a device at a time; the event is in the replica's store when a function returns
it.
"""

from collections.abc import Mapping
from typing import Any

from homevault.protocol.keys import SignKey
from homevault.protocol.ports import Random, StoredEvent
from homevault.protocol.swarm.control import held
from homevault.protocol.swarm.events import (
    MAX_PARENTS,
    SignedEvent,
    make_event,
    make_initial,
    read_signed_event,
)
from homevault.protocol.swarm.past import is_in_past
from homevault.protocol.swarm.replica import Replica


def begin(
    replica: Replica, key: SignKey, certificate: Mapping[str, Any], peer: str, now: int, random: Random
) -> SignedEvent:
    """Start a one-to-one swarm (mode 0) with the account `peer` in an empty replica."""
    return _add(replica, make_initial(key, certificate, 0, peer, now, random))


def join(replica: Replica, key: SignKey, certificate: Mapping[str, Any], now: int) -> SignedEvent:
    """Accept: become a member, where one is expected or everybody may."""
    body = {"action": "join", "certificate": dict(certificate)}
    return write(replica, key, str(certificate["account"]), "member", body, now)


def introduce(
    replica: Replica, key: SignKey, account: str, certificate: Mapping[str, Any], now: int
) -> SignedEvent:
    """Commit the certificate of a member's device; one's own may be the first event of a new device."""
    return write(replica, key, account, "device", {"certificate": dict(certificate)}, now)


def leave(replica: Replica, key: SignKey, account: str, now: int) -> SignedEvent:
    """Be a member no longer."""
    return write(replica, key, account, "member", {"action": "leave"}, now)


def revoke(
    replica: Replica, key: SignKey, account: str, revocation: Mapping[str, Any], now: int
) -> SignedEvent:
    """Commit the statement that a member's device is not theirs any more."""
    return write(replica, key, account, "device", {"revocation": dict(revocation)}, now)


def anchor(replica: Replica, key: SignKey, account: str, now: int) -> SignedEvent | None:
    """Confirm what removed authors wrote before their removal was known here, if anything is unconfirmed."""
    if not replica.unconfirmed():
        return None
    return write(replica, key, account, "merge", {}, now)


def text(
    replica: Replica, key: SignKey, account: str, text: str, now: int, reply_to: str | None = None
) -> SignedEvent:
    """Say something."""
    return write(replica, key, account, "text", {"text": text, "reply_to": reply_to}, now)


def write(
    replica: Replica, key: SignKey, account: str, type: str, body: Mapping[str, Any], now: int
) -> SignedEvent:
    """Author an event on the current heads. ProtocolError, and nothing stored, if it would not be legal."""
    while len(replica.heads) > MAX_PARENTS:
        _append(replica, key, account, "merge", {}, now)
    return _append(replica, key, account, type, body, now)


def _append(
    replica: Replica, key: SignKey, account: str, type: str, body: Mapping[str, Any], now: int
) -> SignedEvent:
    before = replica.store.latest(key.public)
    parents = _parents(replica, before)
    event = make_event(
        key,
        swarm=replica.swarm,
        parents=[parent.id for parent in parents],
        depth=1 + max(parent.depth for parent in parents),
        author=account,
        seq=before.seq + 1 if before else 0,
        prev=before.id if before else None,
        type=type,
        body=body,
        now=now,
    )
    return _add(replica, event)


def _parents(replica: Replica, before: StoredEvent | None) -> list[StoredEvent]:
    """Up to 16 heads, one of them with the device's previous event in its past."""
    heads = list(replica.heads)
    if before is not None and len(heads) > MAX_PARENTS:
        heads.sort(key=lambda head: not is_in_past(replica.store, before, [head]))
    return [held(replica.store, head) for head in heads[:MAX_PARENTS]]


def _add(replica: Replica, signed: Mapping[str, Any]) -> SignedEvent:
    event = read_signed_event(signed)
    replica.add(event)
    return event
