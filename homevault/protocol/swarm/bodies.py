"""The forms of event bodies and which types are control (SPEC 7.2, 7.3).

A later kind of control event is registered here with its form and in `rules` with its legality and effect.
"""

from typing import Any

from homevault.protocol import schema
from homevault.protocol.certificates import check_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.schema import Check

CONTROL = frozenset({"initial", "member", "vote", "device", "update-profile", "merge"})
LAST_MODE = 3
TEXT_BYTES = 16_384

check_type = schema.matching("[a-z][a-z0-9-]{0,31}")
any_body = schema.opened()
_acted = schema.opened(action=schema.matching("[a-z][a-z0-9-]{0,31}"))


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


# Keyed by kind: the type, and after a dot the action where a type has actions.
FORMS: dict[str, Check] = {
    "initial": _check_initial,
    "member.join": schema.closed(action=schema.one_of("join"), certificate=check_certificate),
    "device": schema.closed(certificate=check_certificate),
    "merge": schema.closed(),
    "text": schema.closed(text=schema.text(1, TEXT_BYTES), reply_to=schema.nullable(schema.key)),
}
ACTED = frozenset({"member"})


def kind_of(type: str, body: Any) -> str:
    """`type`, or `type.action` for a type that has actions."""
    if type not in ACTED:
        return type
    _acted(body, "body")
    return f"{type}.{body['action']}"


def check_body(type: str, body: Any) -> None:
    """The registered form; `unknown_control` for a control kind without one. Other unknown types may carry
    any object: they are content of a newer version."""
    form = FORMS.get(kind_of(type, body))
    if form is not None:
        form(body, "body")
    elif type in CONTROL:
        raise ProtocolError("unknown_control", type)
