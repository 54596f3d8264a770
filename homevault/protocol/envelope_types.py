"""The registered envelope types and their schemas (SPEC 6.2)."""

from dataclasses import dataclass
from typing import Literal

from homevault.protocol import schema
from homevault.protocol.addresses import check_address
from homevault.protocol.canonical import LIMIT, canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.revocations import MAX_REVOCATIONS
from homevault.protocol.schema import Check

Who = Literal["account", "site", "any"]

SEALED_SUITE = "SE1"
LONGEST_LIFE = 2_592_000
REQUEST_LIMIT = 8_192
PAYLOAD_LIMIT = 32_768
MAX_WRAPS = 32
MAX_ACKS = 500
TOPICS = ("timeline", "comments", "devices", "vaults", "prekeys", "moderation", "people")
COMMENT_STATES = ("pending", "shown", "refused", "removed")
PAIR_STEPS = ("open", "commit", "reveal", "certificate", "done", "abort")


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """`mail` is kept in mailboxes until acked, the rest is live. `from_` and `to` say who has a username;
    `check` is the schema of `data`; `open` types carry members of any form; `limit` is in bytes of the
    whole envelope."""

    mail: bool
    from_: Who
    to: Who
    check: Check
    open: bool = False
    limit: int = LIMIT


se1_box = schema.closed(
    suite=schema.suite(SEALED_SUITE),
    dh=schema.key,
    ephemeral=schema.key,
    prekey=schema.key,
    one_time=schema.nullable(schema.key),
    box=schema.blob,
)


def _data(to_device: Check, **members: Check) -> Check:
    return schema.closed(
        v=schema.version,
        id=schema.nonce,
        time=schema.time,
        ttl=schema.integer(0, LONGEST_LIFE),
        from_device=schema.key,
        to_device=to_device,
        sig=schema.signature,
        **members,
    )


def _payload(value: object, path: str) -> None:
    _any_object(value, path)
    if len(canonical(value)) > PAYLOAD_LIMIT:
        raise ProtocolError("schema", path)


_any_object = schema.opened()
_all = schema.nothing
_one = schema.key
_one_or_all = schema.nullable(schema.key)
_username = schema.matching(r"[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?")

_mail = _data(
    _all,
    suite=schema.suite(SEALED_SUITE),
    body=schema.blob,
    wraps=schema.mapping(schema.key, se1_box, 1, MAX_WRAPS),
)
_comment_state = _data(_all, comment=schema.key, state=schema.one_of(*COMMENT_STATES))
_typing = _data(_one, suite=schema.suite(SEALED_SUITE), sealed=se1_box)
_pair = _data(_one_or_all, slot=schema.nonce, step=schema.one_of(*PAIR_STEPS), payload=_payload)
_prekeys = _data(_all, signed=_any_object, one_time=schema.nullable(_any_object))
_keys = _data(_all, address=check_address, claim=schema.boolean)
_keys_result = _data(
    _one,
    ref=schema.nonce,
    keys=schema.nullable(_any_object),
    one_time=schema.nullable(schema.mapping(schema.key, schema.nullable(schema.key), 0, 16)),
)
_vouch = _data(
    _all,
    list=_any_object,
    revocations=schema.listing(_any_object, 0, MAX_REVOCATIONS),
    freshness=_any_object,
)
_ack = _data(_all, hashes=schema.listing(schema.key, 1, MAX_ACKS))
_accepted = _data(_one_or_all, ref=schema.nonce)
_changed = _data(_one_or_all, topic=schema.one_of(*TOPICS))
_notice = _data(_one_or_all, text=schema.text(1, 2_048))
_block_state = _data(_one_or_all, until=schema.nullable(schema.time), reason=schema.text(0, 512))
_watch = _data(_all, username=_username)
_hint = _data(_all, username=_username, url=schema.text(1, 2_048))
_error = _data(
    _one_or_all,
    ref=schema.nullable(schema.nonce),
    code=schema.matching("[a-z0-9_]{1,64}"),
    message=schema.text(0, 1_024),
)

TYPES: dict[str, TypeInfo] = {
    "mail": TypeInfo(True, "account", "account", _mail),
    "request": TypeInfo(True, "account", "account", _mail, limit=REQUEST_LIMIT),
    "comment-state": TypeInfo(True, "site", "site", _comment_state),
    "typing": TypeInfo(False, "account", "account", _typing),
    "presence": TypeInfo(False, "account", "account", _mail, limit=REQUEST_LIMIT),
    "pair": TypeInfo(False, "any", "any", _pair, open=True),
    "prekeys": TypeInfo(False, "account", "site", _prekeys, open=True),
    "keys": TypeInfo(False, "account", "site", _keys),
    "keys-result": TypeInfo(False, "site", "account", _keys_result, open=True),
    "vouch": TypeInfo(False, "account", "site", _vouch, open=True),
    "ack": TypeInfo(False, "account", "site", _ack),
    "accepted": TypeInfo(False, "site", "any", _accepted),
    "changed": TypeInfo(False, "site", "account", _changed),
    "notice": TypeInfo(False, "site", "account", _notice),
    "block-state": TypeInfo(False, "site", "account", _block_state),
    "watch": TypeInfo(False, "site", "site", _watch),
    "hint": TypeInfo(False, "site", "site", _hint),
    "error": TypeInfo(False, "any", "any", _error),
}
