"""Signed events: their form, ids and signatures (SPEC 7.1 to 7.3). Whether one may stand in a history is for
`replica` and `rules`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from homevault.protocol import schema
from homevault.protocol.canonical import canonical, hash_bytes, hash_tagged, parse, respelled, tag
from homevault.protocol.certificates import verify_certificate
from homevault.protocol.encoding import b64decode_checked, b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SIGNATURE_TEXT, SignKey, verify_bytes, verify_message
from homevault.protocol.ports import ParkedEvent, Random, StoredEvent
from homevault.protocol.revocations import check_signer, verify_revocation
from homevault.protocol.schema import VERSION
from homevault.protocol.swarm.bodies import CONTROL, any_body, check_body, check_type, is_known_body, kind_of

EVENT_LIMIT = 24_576
MAX_PARENTS = 16
_INTRODUCING = frozenset({"initial", "member.join"})
_CERTIFIED = _INTRODUCING | {"device"}
_REVOKING = "device.revocation"
_CARRYING = _CERTIFIED | {_REVOKING}
# What canonical bytes of a signed event have around those of the event.
_BEFORE, _BETWEEN, _AFTER = b'{"event":', b',"sig":"', b'"}'
_REST = len(_BETWEEN) + SIGNATURE_TEXT + len(_AFTER)
_QUICK_LIMIT = len(_BEFORE) + EVENT_LIMIT + _REST

_signed = schema.closed(
    event=schema.closed(
        v=schema.version,
        swarm=schema.nullable(schema.key),
        parents=schema.sorted_ids(0, MAX_PARENTS),
        depth=schema.integer(),
        author=schema.key,
        device=schema.key,
        seq=schema.integer(),
        prev=schema.nullable(schema.key),
        type=check_type,
        body=any_body,
        time=schema.time,
    ),
    sig=schema.signature,
)


class SignedEvent(NamedTuple):
    """An event of good form and signature. `swarm` is its own id for an initial event; `signed` are the
    canonical bytes of `{event, sig}`."""

    id: str
    swarm: str
    parents: tuple[str, ...]
    depth: int
    author: str
    device: str
    seq: int
    prev: str | None
    type: str
    kind: str
    body: dict[str, Any]
    time: int
    signed: bytes

    @property
    def wire(self) -> dict[str, Any]:
        """`{event, sig}`, read anew."""
        return dict(orjson.loads(self.signed))

    @property
    def control(self) -> bool:
        return self.type in CONTROL


class UnverifiedEvent(NamedTuple):
    """An event of good form, whose signatures are still to be verified. `message` is its signature with what
    that covers."""

    event: SignedEvent
    message: bytes


def event_id(event: Mapping[str, Any]) -> str:
    """The id of an unsigned event."""
    return hash_bytes("event", canonical(dict(event)))


def make_event(
    key: SignKey,
    *,
    swarm: str | None,
    parents: Sequence[str],
    depth: int,
    author: str,
    seq: int,
    prev: str | None,
    type: str,
    body: Mapping[str, Any],
    now: int,
) -> dict[str, Any]:
    """A signed event `{event, sig}` of the device `key`."""
    event = {
        "v": VERSION,
        "swarm": swarm,
        "parents": sorted(parents),
        "depth": depth,
        "author": author,
        "device": key.public,
        "seq": seq,
        "prev": prev,
        "type": type,
        "body": dict(body),
        "time": now,
    }
    return {"event": event, "sig": b64encode(key.sign(tag("event") + canonical(event)))}


def make_initial(
    key: SignKey, certificate: Mapping[str, Any], mode: int, peer: str | None, now: int, random: Random
) -> dict[str, Any]:
    """The first event of a new swarm, by the certificate's device."""
    body = {
        "mode": mode,
        "nonce": b64encode(random.bytes(16)),
        "peer": peer,
        "certificate": dict(certificate),
        "revocations": [],
    }
    return make_event(
        key,
        swarm=None,
        parents=[],
        depth=0,
        author=str(certificate["account"]),
        seq=0,
        prev=None,
        type="initial",
        body=body,
        now=now,
    )


def read_signed_event(value: Any) -> SignedEvent:
    """The event in `{event, sig}`, given as such or as its canonical bytes: form, size, body, place, whom its
    statements name, signature, theirs, in this order."""
    return verify_event(form_event(value))


def form_event(value: Any) -> UnverifiedEvent:
    """As `read_signed_event`, up to the signatures."""
    return _read_bytes(value) if isinstance(value, bytes) else _read_value(value)


def verify_event(unverified: UnverifiedEvent) -> SignedEvent:
    """As `read_signed_event`, from the signature on."""
    event, message = unverified
    verify_message(message, event.device)
    if event.kind in _CARRYING:
        _verify_carried(event)
    return event


def _read_value(value: Any) -> UnverifiedEvent:
    _signed(value, "event")
    event = value["event"]
    data = canonical(event)
    _check_size(data)
    check_body(event["type"], event["body"])
    return _checked(value, b"".join((_BEFORE, data, _BETWEEN, value["sig"].encode("ascii"), _AFTER)))


def _read_bytes(signed: bytes) -> UnverifiedEvent:
    """The quick way takes what has a known form, which leaves nothing of the canonical profile open; what it
    stumbles over goes the exact one."""
    value = respelled(signed)
    if value is None or len(signed) > _QUICK_LIMIT or not _has_known_form(value):
        return _read_value(parse(signed))
    return _checked(value, signed)


def _has_known_form(value: Any) -> bool:
    try:
        _signed(value, "event")
        return is_known_body(value["event"]["type"], value["event"]["body"])
    except ProtocolError:
        return False


def _check_size(data: bytes) -> None:
    if len(data) > EVENT_LIMIT:
        raise ProtocolError("json_too_large", "event")


def _checked(value: dict[str, Any], signed: bytes) -> UnverifiedEvent:
    """The event in a value of good form, whose canonical bytes are `signed`."""
    _check_place(value["event"])
    covered = tag("event") + signed[len(_BEFORE) : -_REST]
    event = _read(value, hash_tagged(covered), signed)
    if event.type == "call-history":
        _check_uri(event)
    if event.kind in _INTRODUCING:
        _check_names(event)
    elif event.kind == _REVOKING:
        check_signer(event.body["revocation"])
    return UnverifiedEvent(event, b64decode_checked(value["sig"]) + covered)


def restore(stored: StoredEvent | ParkedEvent) -> SignedEvent:
    """An event that was checked before, without checking it again."""
    return _read(parse(stored.signed), stored.id, stored.signed)


def restore_author(parked: ParkedEvent) -> tuple[str, str]:
    """The author and device of a waiting event, whose signature was checked."""
    event = parse(parked.signed)["event"]
    return event["author"], event["device"]


def _read(value: dict[str, Any], id: str, signed: bytes) -> SignedEvent:
    event = value["event"]
    return SignedEvent(
        id,
        event["swarm"] or id,
        tuple(event["parents"]),
        event["depth"],
        event["author"],
        event["device"],
        event["seq"],
        event["prev"],
        event["type"],
        kind_of(event["type"], event["body"]),
        event["body"],
        event["time"],
        signed,
    )


def join_proof(key: SignKey, swarm: str, account: str, device: str) -> str:
    """By the private half of a join link's invite key: this device may join with this account."""
    return b64encode(key.sign(_joining(swarm, account, device)))


def _joining(swarm: str, account: str, device: str) -> bytes:
    return tag("join") + canonical({"account": account, "device": device, "swarm": swarm})


def _verify_carried(event: SignedEvent) -> None:
    """The signatures of what the body carries."""
    if event.kind in _CERTIFIED:
        verify_certificate(event.body["certificate"])
    if event.kind == _REVOKING:
        verify_revocation(event.body["revocation"])
    if event.kind == "member.join" and "invite" in event.body:
        data = _joining(event.swarm, event.author, event.device)
        verify_bytes(data, event.body["proof"], event.body["invite"])


def _check_place(event: Mapping[str, Any]) -> None:
    """What holds without knowing the history."""
    initial = event["type"] == "initial"
    if initial != (event["swarm"] is None) or initial == bool(event["parents"]):
        raise ProtocolError("event_id", "parents")
    if (event["seq"] == 0) != (event["prev"] is None):
        raise ProtocolError("event_id", "prev")
    if initial != (event["depth"] == 0) or (initial and event["seq"] != 0):
        raise ProtocolError("event_depth", "depth")


def call_uri(event: SignedEvent) -> str:
    """`account/device/conversation/call`: where the device that wrote this `call-history` hosts its call."""
    return "/".join((event.author, event.device, event.swarm, event.body["call"]))


def _check_uri(event: SignedEvent) -> None:
    """A start names the call, and as its host who wrote it."""
    if event.body["uri"] not in (None, call_uri(event)):
        raise schema.schema_error("uri")


def _check_names(event: SignedEvent) -> None:
    """The certificate by which an author introduces itself is that of its account and device."""
    certificate = event.body["certificate"]
    if certificate["account"] != event.author:
        raise ProtocolError("certificate_account", "body")
    if certificate["device"] != event.device:
        raise ProtocolError("certificate_device", "body")
