"""Envelopes: what travels on websockets (SPEC section 6).

`read_envelope` is the relay's hot path: canonical form and the schema of the registered type, no signature.
Every refusal comes from the slow path, which tries the rules in the order that SPEC 9.1 fixes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import LIMIT, canonical, hash_bytes, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope_types import TYPES, TypeInfo, Who
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.ports import Random
from homevault.protocol.schema import VERSION
from homevault.protocol.schema import nonce as check_id

AHEAD = 5 * 60 * 1000
_OUTER = {"from", "to", "type", "data"}
_WRITE = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


@dataclass(slots=True)
class Envelope:
    """A well-formed envelope. `data` has all members of its type; `raw` are the bytes as they came."""

    from_: Address
    to: Address
    type: str
    id: str
    time: int
    ttl: int
    from_device: str
    to_device: str | None
    data: dict[str, Any]
    raw: bytes

    @property
    def mail(self) -> bool:
        return TYPES[self.type].mail

    def wire(self) -> dict[str, Any]:
        return {"from": self.from_.wire(), "to": self.to.wire(), "type": self.type, "data": self.data}


def new_id(random: Random) -> str:
    """A fresh envelope id."""
    return b64encode(random.bytes(16))


def make_envelope(
    from_: Address,
    to: Address,
    type: str,
    fields: Mapping[str, Any],
    key: SignKey,
    from_device: str,
    to_device: str | None,
    now: int,
    ttl: int,
    random: Random,
    id: str | None = None,
) -> Envelope:
    """A signed envelope; `fields` are the members of `data` beyond the common ones, `ttl` is in seconds.

    Sealed fields are bound to the envelope's id: draw it with `new_id` first and give it here.
    """
    common = {
        "v": VERSION,
        "id": id or new_id(random),
        "time": now,
        "ttl": ttl,
        "from_device": from_device,
        "to_device": to_device,
    }
    unsigned = {"from": from_.wire(), "to": to.wire(), "type": type, "data": {**common, **fields}}
    signature = sign("envelope", unsigned, key)["sig"]
    return read_envelope(canonical({**unsigned, "data": {**common, **fields, "sig": signature}}))


def read_envelope(raw: bytes) -> Envelope:
    """The envelope in canonical bytes; `raw` is kept for forwarding. Its signature is not looked at."""
    if len(raw) > LIMIT:
        raise ProtocolError("json_too_large")
    try:
        value = orjson.loads(raw)
        if raw.isascii() and orjson.dumps(value, option=_WRITE) == raw:
            envelope = _read(value, raw)
            if not TYPES[envelope.type].open:
                return envelope
    except (ProtocolError, TypeError, ValueError):
        pass
    return _read(parse(raw), raw)


def _read(value: Any, raw: bytes) -> Envelope:
    """Closed all through unless the type is open, so that nothing outside the profile can hide in `value`."""
    if type(value) is not dict or value.keys() != _OUTER:
        raise ProtocolError("schema", "envelope")
    from_, to = Address.from_wire(value["from"], "from"), Address.from_wire(value["to"], "to")
    info = _registered(value["type"])
    _require(info.from_, from_, "from")
    _require(info.to, to, "to")
    if len(raw) > info.limit:
        raise ProtocolError("json_too_large", "envelope")
    data = value["data"]
    info.check(data, "data")
    return Envelope(
        from_,
        to,
        value["type"],
        data["id"],
        data["time"],
        data["ttl"],
        data["from_device"],
        data["to_device"],
        data,
        raw,
    )


def _registered(kind: Any) -> TypeInfo:
    if type(kind) is not str:
        raise ProtocolError("schema", "type")
    info = TYPES.get(kind)
    if info is None:
        raise ProtocolError("unknown_type", kind[:64])
    return info


def _require(who: Who, address: Address, path: str) -> None:
    if who != "any" and (who == "account") != bool(address.username):
        raise ProtocolError("schema", path)


def verify_envelope(envelope: Envelope) -> None:
    """`signature` unless `from_device` (a device or a site key) signed it."""
    wire = envelope.wire()
    unsigned = {name: member for name, member in envelope.data.items() if name != "sig"}
    verify("envelope", {**wire, "data": unsigned, "sig": envelope.data["sig"]}, envelope.from_device)


def check_time(envelope: Envelope, now: int) -> None:
    """`clock` if it is dated more than five minutes ahead of `now`, `expired` if its time is over."""
    if envelope.time > now + AHEAD:
        raise ProtocolError("clock", "time")
    if envelope.time + envelope.ttl * 1000 < now:
        raise ProtocolError("expired", "ttl")


def envelope_hash(envelope: Envelope) -> str:
    """Its hash, by which a device acks it."""
    return hash_bytes("envelope", envelope.raw)


def peek_id(raw: bytes) -> str | None:
    """The id of an envelope that may be bad otherwise, for the `ref` of an `error`; None if there is none."""
    try:
        found = orjson.loads(raw)["data"]["id"]
        check_id(found, "ref")
    except (ProtocolError, TypeError, ValueError, LookupError):
        return None
    return str(found)
