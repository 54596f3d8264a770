"""Envelopes of every type, good ones and broken ones."""

from typing import Any

from homevault.protocol.envelope import make_envelope
from homevault.protocol.envelope_types import TOPICS, TYPES
from homevault.protocol.keys import SignKey, sign
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB, BROWSER, HERE, SITE_KEY, THERE, random_id, text_of
from tests.vectors.cases.envelope_data import a_box, fields, typed_changes
from tests.vectors.cases.told import ids


def envelope_of(type: str, **changes: Any) -> dict[str, Any]:
    """A signed envelope of a type as an object, with other fields."""
    info = TYPES[type]
    from_account = info.from_ in ("account", "any")
    to_account = info.to in ("account", "any")
    to_device = BOB.browser.id if type in ("typing", "keys-result") else None
    made = make_envelope(
        ALICE.address if from_account else HERE,
        BOB.address if to_account else (HERE if from_account else THERE),
        type,
        {**fields()[type], **changes},
        BROWSER.key if from_account else SITE_KEY,
        BROWSER.id if from_account else SITE_KEY.public,
        to_device,
        NOW,
        600,
        SeededRandom(f"envelope/{type}"),
    )
    return made.wire()


def _resigned(value: dict[str, Any], key: SignKey) -> dict[str, Any]:
    unsigned = put(value, "data.sig", MISSING)
    return put(value, "data.sig", sign("envelope", unsigned, key)["sig"])


def envelope() -> list[Case]:
    values = {type: envelope_of(type) for type in TYPES}
    return [
        *(good(f"read-{type}", "an envelope", "read", text=text_of(value)) for type, value in values.items()),
        *(
            good(f"verify-{type}", "its signature", "verify", text=text_of(value))
            for type, value in values.items()
        ),
        *_variants(values),
        *_outer(values["keys"]),
        *_common(values["keys"]),
        *_typed(values),
        *_addressed(values),
        *_bytes(values["keys"]),
        *_signed(values["keys"]),
        *_timed(values["keys"]),
    ]


def _sized(type: str, size: int) -> dict[str, Any]:
    """A mail of exactly this many bytes."""
    for length in range(1, 4):
        value = put(put(envelope_of(type), "data.body", ""), "from.username", "a" * length)
        rest = size - len(text_of(value))
        if rest % 4 != 1:
            return put(value, "data.body", "A" * rest)
    raise AssertionError("no length fits")


def _variants(values: dict[str, Any]) -> list[Case]:
    visitor = put(values["mail"], "from.username", "~" + ALICE.account)
    changes = {
        "visitor": visitor,
        "ipv6": put(values["mail"], "to.ip", "2001:db8::1"),
        "one-time-box": put(values["typing"], "data.sealed.one_time", BOB.browser.one_time.public),
        "no-one-time": put(values["prekeys"], "data.one_time", None),
        "nobody": put(put(values["keys-result"], "data.keys", None), "data.one_time", None),
        "error-ref": put(values["error"], "data.ref", random_id("ref")),
        "error-device": put(values["error"], "data.to_device", BOB.browser.id),
        "error-to-site": put(values["error"], "to", THERE.wire()),
        "accepted-to-site": put(values["accepted"], "to", THERE.wire()),
        "changed-device": put(values["changed"], "data.to_device", BOB.browser.id),
        "notice-device": put(values["notice"], "data.to_device", BOB.browser.id),
        "block-over": put(values["block-state"], "data.until", None),
        "block-no-reason": put(values["block-state"], "data.reason", ""),
        **{f"changed-{topic}": put(values["changed"], "data.topic", topic) for topic in TOPICS},
        "pair-device": put(values["pair"], "data.to_device", BOB.vault.id),
        "pair-site": put(put(values["pair"], "from.username", ""), "to.username", ""),
        "pair-largest": put(values["pair"], "data.payload", {"a": "x" * 32_760}),
        "no-life": put(values["keys"], "data.ttl", 0),
        "longest-life": put(values["keys"], "data.ttl", 2_592_000),
        "empty-body": put(values["mail"], "data.body", ""),
        "notice-shortest": put(values["notice"], "data.text", "!"),
        "notice-longest": put(values["notice"], "data.text", "\u00e9" * 1_024),
        "hint-shortest": put(values["hint"], "data.url", "h"),
        "hint-longest": put(values["hint"], "data.url", "h" * 2_048),
        "message-longest": put(values["error"], "data.message", "\u00e9" * 512),
        "code-longest": put(values["error"], "data.code", "a" * 64),
        "reason-longest": put(values["block-state"], "data.reason", "\u00e9" * 256),
        "request-largest": _sized("request", 8_192),
        "presence-largest": _sized("presence", 8_192),
        "mail-largest": _sized("mail", 65_536),
        "escaped-message": put(values["error"], "data.message", 'say "no"\n\u2028'),
        "many-wraps": put(values["mail"], "data.wraps", dict.fromkeys(ids(32), a_box())),
        "many-claimed": put(values["keys-result"], "data.one_time", dict.fromkeys(ids(16))),
        "many-revocations": put(values["vouch"], "data.revocations", [{}] * 64),
        "many-acks": put(values["ack"], "data.hashes", [random_id("hash", 32)] * 500),
    }
    return [good(f"read-{id}", "an envelope", "read", text=text_of(value)) for id, value in changes.items()]


def _changed(value: dict[str, Any], changes: dict[str, tuple[str, Any, str]]) -> list[Case]:
    """Cases `id: (path, member, error)`."""
    return [
        bad(id, path, error, "read", text=text_of(put(value, path, member)))
        for id, (path, member, error) in changes.items()
    ]


def _outer(value: dict[str, Any]) -> list[Case]:
    both = put(put(value, "from.ip", "Alice"), "to.port", "x")
    return [
        *_changed(
            value,
            {
                "outer-missing": ("data", MISSING, "schema"),
                "outer-extra": ("sig", "x", "schema"),
                "type-kind": ("type", 7, "schema"),
                "type-unknown": ("type", "teleport", "unknown_type"),
                "type-case": ("type", "Keys", "unknown_type"),
                "type-inherited": ("type", "constructor", "unknown_type"),
                "data-kind": ("data", [], "schema"),
                "from-kind": ("from", "@alice@alice.example", "schema"),
                "from-extra": ("from.scheme", "https", "schema"),
                "from-ip": ("from.ip", "127.1", "address"),
                "to-port": ("to.port", 0, "address"),
                "to-user": ("to.username", "Bob", "address"),
            },
        ),
        bad("not-an-object", "a list", "schema", "read", text="[]"),
        bad("from-before-to", "from is looked at first", "address", "read", text=text_of(both)),
        bad(
            "type-before-data",
            "the type is looked at before data",
            "unknown_type",
            "read",
            text=text_of({**value, "type": "teleport", "data": 1}),
        ),
    ]


def _common(value: dict[str, Any]) -> list[Case]:
    return _changed(
        value,
        {
            "v-later": ("data.v", 2, "unsupported_version"),
            "v-kind": ("data.v", "1", "schema"),
            "v-missing": ("data.v", MISSING, "schema"),
            "id-short": ("data.id", "AAAA", "encoding"),
            "id-kind": ("data.id", 1, "schema"),
            "id-loose": ("data.id", "A" * 21 + "B", "encoding"),
            "id-missing": ("data.id", MISSING, "schema"),
            "time-negative": ("data.time", -1, "schema"),
            "time-kind": ("data.time", "1", "schema"),
            "ttl-long": ("data.ttl", 2_592_001, "schema"),
            "ttl-negative": ("data.ttl", -1, "schema"),
            "ttl-kind": ("data.ttl", None, "schema"),
            "from-device-null": ("data.from_device", None, "schema"),
            "from-device-long": ("data.from_device", "A" * 44, "encoding"),
            "to-device-kind": ("data.to_device", BOB.browser.id, "schema"),
            "sig-short": ("data.sig", "AAAA", "encoding"),
            "sig-missing": ("data.sig", MISSING, "schema"),
            "data-extra": ("data.extra", 1, "schema"),
        },
    )


def _typed(values: dict[str, Any]) -> list[Case]:
    changes = typed_changes().items()
    return [case for type, each in changes for case in _changed(values[type], each)]


def _addressed(values: dict[str, Any]) -> list[Case]:
    """Kinds of address that a type does not allow."""
    cases = []
    for type, info in TYPES.items():
        for side, who in (("from", info.from_), ("to", info.to)):
            if who != "any":
                username = "" if who == "account" else "mallory"
                value = put(values[type], f"{side}.username", username)
                why = f"{side} is of the other kind"
                cases.append(bad(f"{type}-{side}", why, "schema", "read", text=text_of(value)))
    return cases


def _bytes(value: dict[str, Any]) -> list[Case]:
    text = text_of(value)
    large, loud = _sized("request", 8_193), _sized("presence", 8_193)
    huge = _sized("mail", 65_537)
    deep: Any = 1
    for _ in range(15):
        deep = [deep]
    pair = envelope_of("pair")
    return [
        bad("space", "a space", "json_not_canonical", "read", text=text.replace(":", ": ", 1)),
        bad(
            "fraction",
            "a number is judged before its place",
            "json_number",
            "read",
            text=text.replace('"ttl":600', '"ttl":600.5'),
        ),
        bad(
            "duplicate",
            "a member twice",
            "json_duplicate_key",
            "read",
            text=text.replace('"v":1', '"v":1,"v":1'),
        ),
        bad(
            "open-fraction",
            "also in an open member",
            "json_number",
            "read",
            text=text_of(pair).replace(",1,", ",1.5,"),
        ),
        bad("open-deep", "also in an open member", "json_depth", "read", text=_deepened(pair, deep)),
        bad("huge", "over 65,536 bytes", "json_too_large", "read", text=text_of(huge)),
        bad("presence-large", "over 8,192 bytes", "json_too_large", "read", text=text_of(loud)),
        bad("request-large", "over 8,192 bytes", "json_too_large", "read", text=text_of(large)),
        bad("not-utf8", "not UTF-8", "json_not_utf8", "read", text_hex=text.encode().hex() + "ff"),
        bad("empty", "nothing", "json_syntax", "read", text=""),
    ]


def _deepened(pair: dict[str, Any], deep: Any) -> str:
    text = text_of(put(pair, "data.payload", {"a": "DEEP"}))
    return text.replace('"DEEP"', str(deep))


def _signed(value: dict[str, Any]) -> list[Case]:
    changes = {
        "moved": put(value, "to.port", 444),
        "other-sender": put(value, "from.username", "mallory"),
        "other-claim": put(value, "data.claim", False),
        "other-id": put(value, "data.id", random_id("another")),
        "later": put(value, "data.time", NOW + 1),
        "other-sig": put(value, "data.sig", flip(value["data"]["sig"])),
        "other-key": _resigned(value, BOB.browser.key),
    }
    return [
        bad(f"unsigned-{id}", "not what was signed", "signature", "verify", text=text_of(each))
        for id, each in changes.items()
    ]


def _timed(value: dict[str, Any]) -> list[Case]:
    text = text_of(value)
    return [
        good("time-now", "dated now", "time", text=text, now=NOW),
        good("time-last", "at its last moment", "time", text=text, now=NOW + 600_000),
        good("time-ahead", "five minutes ahead", "time", text=text, now=NOW - 300_000),
        bad("time-over", "a moment late", "expired", "time", text=text, now=NOW + 600_001),
        bad("time-clock", "more than five minutes ahead", "clock", "time", text=text, now=NOW - 300_001),
    ]
