"""The forms of event bodies and which types are control (SPEC 7.2, 7.3).

A later kind of control event is registered here with its form, in `rules` with its legality and in `effects`
with what it does.
"""

from typing import Any

from homevault.protocol import schema
from homevault.protocol.certificates import check_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.revocations import check_revocation
from homevault.protocol.schema import Check

CONTROL = frozenset({"initial", "member", "vote", "device", "update-profile", "merge"})
LAST_MODE = 3
TEXT_BYTES = 16_384
MAX_VOTES = 255
MAX_HOSTS = 8

check_type = schema.matching("[a-z][a-z0-9-]{0,31}")
any_body = schema.opened()
_acted = schema.opened(action=schema.matching("[a-z][a-z0-9-]{0,31}"))
_HOST = "[A-Za-z0-9_-]{43}/[A-Za-z0-9_-]{43}"
_MEDIA = r"[a-z0-9!#$&^_.+-]{1,63}/[a-z0-9!#$&^_.+-]{1,63}"


def _mode(value: Any, path: str) -> None:
    schema.integer()(value, path)
    if value > LAST_MODE:
        raise ProtocolError("unknown_mode", path)


_initial = schema.closed(
    mode=_mode,
    nonce=schema.nonce,
    peer=schema.nullable(schema.key),
    certificate=check_certificate,
    revocations=schema.listing(schema.nothing, 0, 0),
)


def _check_initial(value: Any, path: str) -> None:
    _initial(value, path)
    if (value["mode"] == 0) != (value["peer"] is not None):
        raise ProtocolError("schema", "peer")


_add = schema.closed(
    action=schema.one_of("add"), account=schema.nullable(schema.key), invite=schema.nullable(schema.key)
)


def _check_add(value: Any, path: str) -> None:
    _add(value, path)
    if (value["account"] is None) == (value["invite"] is None):
        raise ProtocolError("schema", path)


_join = schema.closed(action=schema.one_of("join"), certificate=check_certificate)
_join_by_link = schema.closed(
    action=schema.one_of("join"), certificate=check_certificate, invite=schema.key, proof=schema.signature
)


def _check_join(value: Any, path: str) -> None:
    (_join_by_link if "invite" in value else _join)(value, path)


def _ended(action: str) -> Check:
    return schema.closed(
        action=schema.one_of(action),
        account=schema.key,
        device=schema.nullable(schema.key),
        quorum=schema.integer(1),
        senior=schema.key,
        votes=schema.sorted_ids(0, MAX_VOTES),
    )


_said = schema.text(1, TEXT_BYTES)
_hosts = schema.listing(schema.matching(_HOST), 0, MAX_HOSTS)


def _check_hosts(value: Any, path: str) -> None:
    _hosts(value, path)
    if not schema.ascending(value):
        raise schema.schema_error(path)


_call = schema.closed(
    call=schema.nonce,
    outcome=schema.one_of("started", "ended", "missed", "declined"),
    duration=schema.nullable(schema.integer()),
    uri=schema.nullable(schema.text(1, 255)),
)


def _check_call(value: Any, path: str) -> None:
    """A duration belongs to an end, a URI to a start."""
    _call(value, path)
    if (value["outcome"] == "ended") != (value["duration"] is not None):
        raise schema.schema_error("duration")
    if (value["outcome"] == "started") != (value["uri"] is not None):
        raise schema.schema_error("uri")


# Keyed by kind: the type, and after a dot the action where a type has actions.
FORMS: dict[str, Check] = {
    "initial": _check_initial,
    "member.add": _check_add,
    "member.join": _check_join,
    "member.leave": schema.closed(action=schema.one_of("leave")),
    "member.grant": schema.closed(action=schema.one_of("grant"), account=schema.key),
    "member.resign": schema.closed(action=schema.one_of("resign")),
    "member.ban": _ended("ban"),
    "member.unban": _ended("unban"),
    "vote": schema.closed(
        action=schema.one_of("ban", "unban"),
        account=schema.key,
        device=schema.nullable(schema.key),
        last=schema.nullable(schema.key),
    ),
    "device": schema.closed(certificate=check_certificate),
    "device.revocation": schema.closed(revocation=check_revocation),
    "update-profile": schema.closed(
        title=schema.nullable(schema.label(128)),
        description=schema.nullable(schema.label(1_024)),
        avatar=schema.nullable(schema.key),
        hosts=_check_hosts,
    ),
    "merge": schema.closed(),
    "text": schema.closed(text=_said, reply_to=schema.nullable(schema.key)),
    "edit": schema.closed(target=schema.key, text=_said),
    "delete": schema.closed(target=schema.key),
    "reaction": schema.closed(target=schema.key, emoji=schema.text(1, 64)),
    "data-transfer": schema.closed(
        tid=schema.nonce,
        display_name=schema.text(1, 255),
        total_size=schema.integer(),
        sha3sum=schema.key,
        media=schema.matching(_MEDIA),
    ),
    "call-history": _check_call,
}
ACTED = frozenset({"member"})


def kind_of(type: str, body: Any) -> str:
    """`type`, or `type.action` for a type that has actions, or `device.revocation`."""
    if type == "device" and "revocation" in body:
        return "device.revocation"
    if type not in ACTED:
        return type
    _acted(body, "body")
    return f"{type}.{body['action']}"


def is_known_body(type: str, body: Any) -> bool:
    """Whether the body has a form and keeps to it: False, or the error. A form leaves no member unchecked."""
    form = FORMS.get(kind_of(type, body))
    if form is not None:
        form(body, "body")
    return form is not None


def check_body(type: str, body: Any) -> None:
    """The registered form; `unknown_control` for a control kind without one. Other unknown types may carry
    any object: they are content of a newer version."""
    if not is_known_body(type, body) and type in CONTROL:
        raise ProtocolError("unknown_control", type)
