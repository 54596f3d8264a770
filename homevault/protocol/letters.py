"""Letters: the plaintext inside sealed mail (SPEC 6.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.canonical import canonical, object_id, parse
from homevault.protocol.certificates import Certificate, require_names
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION, Check, schema_error
from homevault.protocol.swarm.events import SignedEvent, read_signed_event
from homevault.protocol.swarm.preferences import check_entries
from homevault.protocol.swarm.requests import check_contacts

LETTER_LIMIT = 40_960
MAX_EVENTS = 64
MAX_MISSING = 100
MAX_HEADS = 64
LIVE_KINDS = frozenset({"typing", "presence"})
"""Each sealed in an envelope of its own type, never mailed."""
POST_PART = 24_000  # bytes
MAX_POST_PARTS = 12
# 1,024 bytes.
PICTURE_TEXT = 1_366

_any = schema.opened()
_ack = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    swarm=schema.key,
    account=schema.key,
    device=schema.key,
    heads=schema.sorted_ids(1, MAX_HEADS),
    time=schema.time,
    sig=schema.signature,
)


def _letter(**members: Check) -> Check:
    return schema.closed(kind=schema.label(), swarm=schema.key, **members)


def _picture(value: Any, path: str) -> None:
    _picture_text(value, path)
    schema.blob(value, path)


_picture_text = schema.text(1, PICTURE_TEXT)


def _post(value: Any, path: str) -> None:
    _post_form(value, path)
    if value["part"] > value["parts"]:
        raise schema_error(f"{path}.part")


def _part(value: Any, path: str) -> None:
    _part_text(value, path)
    schema.blob(value, path)


_part_text = schema.text(1, POST_PART // 3 * 4)
_post_form = schema.closed(
    kind=schema.label(),
    id=schema.key,
    part=schema.integer(1, MAX_POST_PARTS),
    parts=schema.integer(1, MAX_POST_PARTS),
    data=_part,
)

_FORMS: dict[str, Check] = {
    "request": _letter(
        initial=_any,
        name=schema.label(),
        title=schema.nullable(schema.label(128)),
        description=schema.nullable(schema.label(1_024)),
        avatar=schema.nullable(_picture),
        invite=schema.nullable(schema.key),
    ),
    "events": _letter(events=schema.listing(_any, 1, MAX_EVENTS)),
    "missing": _letter(events=schema.listing(schema.key, 1, MAX_MISSING)),
    "ack": schema.closed(kind=schema.label(), ack=_ack),
    "declined": _letter(invite=schema.nullable(schema.key)),
    "withdrawn": _letter(invite=schema.nullable(schema.key)),
    "contacts": schema.closed(kind=schema.label(), entries=check_contacts),
    "announce": _letter(event=schema.key, device=schema.key),
    "wanted": _letter(),
    "removed": _letter(),
    "erased": _letter(),
    "displayed": _letter(event=schema.key),
    "preferences": _letter(entries=check_entries),
    "post": _post,
    "whereabouts": _letter(account=schema.key, address=check_account_address, name=schema.label()),
    "typing": _letter(typing=schema.boolean),
    "presence": schema.closed(kind=schema.label(), here=schema.boolean, answer=schema.boolean),
}
_kinded = schema.opened(kind=schema.label())


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of good form. Events in it are not checked, an ack not verified yet; `fields` is the whole
    object. `swarm` is empty if it is about none."""

    kind: str
    swarm: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ack:
    """The device's word that it holds these events of a swarm and all their ancestors."""

    swarm: str
    account: str
    device: str
    heads: tuple[str, ...]
    time: int


def _write(kind: str, **fields: Any) -> bytes:
    letter = canonical({"kind": kind, **fields})
    read_letter(letter)
    return letter


def make_request(
    initial: Mapping[str, Any],
    swarm: str,
    name: str,
    title: str | None = None,
    description: str | None = None,
    avatar: str | None = None,
    invite: str | None = None,
) -> bytes:
    """The letter that asks somebody into a swarm, with its signed initial event. `avatar` is a small picture
    of at most 1,024 bytes, `invite` the `add` that names them, None between two people."""
    return _write(
        "request",
        swarm=swarm,
        initial=dict(initial),
        name=name,
        title=title,
        description=description,
        avatar=avatar,
        invite=invite,
    )


def make_events(swarm: str, events: Iterable[Mapping[str, Any]]) -> bytes:
    """Up to 64 signed events, parents before children; see `lacking.batches` for more."""
    return _write("events", swarm=swarm, events=[dict(event) for event in events])


def make_missing(swarm: str, ids: Sequence[str]) -> bytes:
    """The letter that asks for events by id."""
    return _write("missing", swarm=swarm, events=list(ids))


def make_ack_letter(ack: Mapping[str, Any]) -> bytes:
    return _write("ack", ack=dict(ack))


def make_declined(swarm: str, invite: str | None = None) -> bytes:
    """The letter to one's own devices that a request, by this invitation, was declined."""
    return _write("declined", swarm=swarm, invite=invite)


def make_withdrawn(swarm: str, invite: str | None = None) -> bytes:
    """The letter to whoever was sent a request that it is taken back."""
    return _write("withdrawn", swarm=swarm, invite=invite)


def make_contacts(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The letter to one's own devices about whom one added, removed or blocked."""
    return _write("contacts", entries=[dict(entry) for entry in entries])


def make_announce(swarm: str, event: str, device: str) -> bytes:
    """The letter that tells of a new event and of a device that has it."""
    return _write("announce", swarm=swarm, event=event, device=device)


def make_wanted(swarm: str) -> bytes:
    """The letter that asks for an invitation to a conversation one was told of."""
    return _write("wanted", swarm=swarm)


def make_removed(swarm: str, *, erased: bool) -> bytes:
    """The letter to one's own devices that a conversation is removed, or erased as well."""
    return _write("erased" if erased else "removed", swarm=swarm)


def make_displayed(swarm: str, event: str) -> bytes:
    """The letter that tells how far its sender's account has read."""
    return _write("displayed", swarm=swarm, event=event)


def make_preferences(swarm: str, entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The letter to one's own devices about how one wants a conversation."""
    return _write("preferences", swarm=swarm, entries=[dict(entry) for entry in entries])


def make_posts(post: Mapping[str, Any], certificate: Mapping[str, Any]) -> list[bytes]:
    """The letters to one's own devices that bring a version of a post, signed by the certificate's device."""
    signed = {"certificate": dict(certificate), "post": dict(post)}
    data, id = canonical(signed), object_id("signed-post", signed)
    pieces = [data[start : start + POST_PART] for start in range(0, len(data), POST_PART)]
    return [
        _write("post", id=id, part=number, parts=len(pieces), data=b64encode(piece))
        for number, piece in enumerate(pieces, 1)
    ]


def make_whereabouts(swarm: str, account: str, address: Address, name: str) -> bytes:
    """The letter to one's own devices that tells where the other one of a conversation lives."""
    return _write("whereabouts", swarm=swarm, account=account, address=address.wire(), name=name)


def make_typing(swarm: str, typing: bool) -> bytes:
    """The letter inside a `typing` envelope."""
    return _write("typing", swarm=swarm, typing=typing)


def make_presence(*, here: bool, answer: bool) -> bytes:
    """The letter inside a `presence` envelope; `answer` asks to be told in return."""
    return _write("presence", here=here, answer=answer)


def read_letter(data: bytes) -> Letter:
    """The letter in canonical bytes; `unknown_type` for a kind that this version does not know."""
    value = parse(data, LETTER_LIMIT)
    _kinded(value, "letter")
    form = _FORMS.get(value["kind"])
    if form is None:
        raise ProtocolError("unknown_type", value["kind"])
    form(value, value["kind"])
    swarm = value["ack"]["swarm"] if value["kind"] == "ack" else value.get("swarm", "")
    return Letter(value["kind"], swarm, value)


def read_request(letter: Letter) -> SignedEvent:
    """The verified initial event of a `request`; `event_id` if it is not that of the swarm it names."""
    initial = read_signed_event(letter.fields["initial"])
    if initial.type != "initial" or initial.id != letter.swarm:
        raise ProtocolError("event_id", "initial")
    return initial


def make_ack(key: SignKey, account: str, swarm: str, heads: Iterable[str], now: int) -> dict[str, Any]:
    """An ack signed by the device `key`; at most 64 heads."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "swarm": swarm,
        "account": account,
        "device": key.public,
        "heads": sorted(heads)[:MAX_HEADS],
        "time": now,
    }
    return sign("ack", statement, key)


def verify_ack(value: Any, certificate: Certificate) -> Ack:
    """An ack signed by the certificate's device."""
    _ack(value, "ack")
    require_names(certificate, value["account"], value["device"])
    verify("ack", value, certificate.device)
    return Ack(value["swarm"], value["account"], value["device"], tuple(value["heads"]), value["time"])
