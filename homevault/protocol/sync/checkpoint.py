"""What a vault vouches for: its history of a swarm has these heads and amounts to this state (SPEC 10.6).

The own new device believes the own vault before it has checked the history itself, and compares afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import Certificate, require_names
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION
from homevault.protocol.swarm.past import ancestors
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.state import State

MAX_HEADS = 256
MAX_MEMBERS = 256

_state = schema.closed(
    mode=schema.integer(0, 3),
    members=schema.sorted_ids(0, MAX_MEMBERS),
    admins=schema.sorted_ids(0, MAX_MEMBERS),
    profile=schema.nullable(schema.key),
)
_checkpoint = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    swarm=schema.key,
    heads=schema.sorted_ids(1, MAX_HEADS),
    count=schema.integer(1),
    fingerprint=schema.key,
    state=_state,
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`heads` are all of them, or the first 256; `fingerprint` is of all. `state` is `{mode, members, admins,
    profile}`."""

    device: str
    swarm: str
    heads: tuple[str, ...]
    count: int
    fingerprint: str
    state: dict[str, Any]
    time: int


def heads_fingerprint(heads: Iterable[str]) -> str:
    """One id for sorted heads. As each event names its parents by hash, equal heads are equal histories."""
    return object_id("heads", list(heads))


def make_checkpoint(key: SignKey, account: str, replica: Replica, now: int) -> dict[str, Any]:
    """By the vault device `key`, of all that is held; LookupError while that is nothing."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": key.public,
        "swarm": replica.swarm,
        "heads": list(replica.heads[:MAX_HEADS]),
        "count": replica.store.count(),
        "fingerprint": heads_fingerprint(replica.heads),
        "state": summary(replica.state),
        "time": now,
    }
    return sign("checkpoint", statement, key)


def verify_checkpoint(value: Any, vault: Certificate, swarm: str) -> Checkpoint:
    """A checkpoint of this swarm by a vault. `certificate_device` if the device is not one, `event_id` for
    another swarm, `history_mismatch` if heads and fingerprint differ."""
    _checkpoint(value, "checkpoint")
    require_names(vault, value["account"], value["device"])
    if vault.role != "vault":
        raise ProtocolError("certificate_device", "role")
    if value["swarm"] != swarm:
        raise ProtocolError("event_id", "swarm")
    heads = tuple(value["heads"])
    if len(heads) < MAX_HEADS and heads_fingerprint(heads) != value["fingerprint"]:
        raise ProtocolError("history_mismatch", "fingerprint")
    verify("checkpoint", value, vault.device)
    return Checkpoint(
        vault.device, swarm, heads, value["count"], value["fingerprint"], value["state"], value["time"]
    )


def summary(state: State) -> dict[str, Any]:
    """What a checkpoint says of a state."""
    return {
        "mode": state.mode,
        "members": sorted(state.members),
        "admins": sorted(state.admins),
        "profile": max(state.profile, default=None),
    }


def confirm(checkpoint: Checkpoint, replica: Replica) -> bool:
    """Whether the history that was checked here has what the vault vouched for; false while some of it is
    not here yet. `history_mismatch` if the vault said something else than is so."""
    if any(replica.store.get(head) is None for head in checkpoint.heads):
        return False
    if heads_fingerprint(replica.heads) == checkpoint.fingerprint:
        count, state = replica.store.count(), replica.state
    elif len(checkpoint.heads) < MAX_HEADS:
        count = len(ancestors(replica.store, checkpoint.heads, 0))
        state = replica.state_after(checkpoint.heads)
    else:
        return False
    if count != checkpoint.count:
        raise ProtocolError("history_mismatch", "count")
    if summary(state) != checkpoint.state:
        raise ProtocolError("history_mismatch", "state")
    return True
