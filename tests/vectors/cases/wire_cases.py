"""Envelopes of every type, the handshake, pairing."""

import json
from collections.abc import Callable
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import make_envelope
from homevault.protocol.envelope_types import TYPES
from homevault.protocol.keys import SignKey, sign
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from tests.protocol.people import NOW, Person, SeededRandom
from tests.vectors import wire_ops
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put

ALICE, BOB = Person("alice"), Person("bob")
SITE_KEY = SignKey.generate(SeededRandom("site"))
HERE = Address.make("alice.example", 443)
THERE = Address.make("bob.example", 443)
BROWSER = ALICE.browser


def _id(label: str, count: int = 16) -> str:
    return b64encode(SeededRandom(label).bytes(count))


def a_box(label: str = "box") -> dict[str, Any]:
    """A box of good form with nothing in it."""
    return {
        "suite": "SE1",
        "dh": BROWSER.dh.public,
        "ephemeral": BOB.vault.dh.public,
        "prekey": BOB.browser.prekey.public,
        "one_time": None,
        "box": _id(label, 272),
    }


def fields() -> dict[str, dict[str, Any]]:
    """Good members of `data` for every type, beyond the common ones."""
    browser = ALICE.browser
    prekey = make_signed_prekey(ALICE.account, browser.key, browser.prekey.public, NOW)
    one_time = make_one_time(ALICE.account, browser.key, [browser.one_time.public], NOW)
    mail = {
        "suite": "SE1",
        "body": _id("body", 300),
        "wraps": {BOB.browser.id: a_box(), BOB.vault.id: a_box()},
    }
    devices = make_device_list(BOB.key, 1, [BOB.browser.wire], NOW)
    return {
        "mail": mail,
        "request": mail,
        "comment-state": {"comment": _id("comment", 32), "state": "shown"},
        "typing": {"suite": "SE1", "sealed": a_box()},
        "pair": {"slot": _id("slot"), "step": "open", "payload": {"anything": ["na\u00efve", 1, None]}},
        "prekeys": {"signed": prekey, "one_time": one_time},
        "keys": {"address": BOB.address.wire(), "claim": True},
        "keys-result": {
            "ref": _id("ref"),
            "keys": {"v": 1, "list": devices, "prekeys": []},
            "one_time": {BOB.browser.id: BOB.browser.one_time.public, BOB.vault.id: None},
        },
        "ack": {"hashes": [_id("hash", 32)]},
        "accepted": {"ref": _id("ref")},
        "changed": {"topic": "timeline"},
        "watch": {"username": "bob"},
        "hint": {"username": "alice", "url": "https://alice.example/@alice/hello"},
        "error": {"ref": None, "code": "too_many", "message": "na\u00efve"},
    }


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


def text_of(value: Any) -> str:
    return canonical(value).decode()


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


def _variants(values: dict[str, Any]) -> list[Case]:
    visitor = put(values["mail"], "from.username", "~" + ALICE.account)
    changes = {
        "visitor": visitor,
        "ipv6": put(values["mail"], "to.ip", "2001:db8::1"),
        "one-time-box": put(values["typing"], "data.sealed.one_time", BOB.browser.one_time.public),
        "no-one-time": put(values["prekeys"], "data.one_time", None),
        "nobody": put(put(values["keys-result"], "data.keys", None), "data.one_time", None),
        "error-ref": put(values["error"], "data.ref", _id("ref")),
        "error-device": put(values["error"], "data.to_device", BOB.browser.id),
        "error-to-site": put(values["error"], "to", THERE.wire()),
        "accepted-to-site": put(values["accepted"], "to", THERE.wire()),
        "changed-device": put(values["changed"], "data.to_device", BOB.browser.id),
        "pair-device": put(values["pair"], "data.to_device", BOB.vault.id),
        "pair-site": put(put(values["pair"], "from.username", ""), "to.username", ""),
        "pair-largest": put(values["pair"], "data.payload", {"a": "x" * 32_760}),
        "no-life": put(values["keys"], "data.ttl", 0),
        "longest-life": put(values["keys"], "data.ttl", 2_592_000),
        "empty-body": put(values["mail"], "data.body", ""),
        "escaped-message": put(values["error"], "data.message", 'say "no"\n\u2028'),
        "many-acks": put(values["ack"], "data.hashes", [_id("hash", 32)] * 500),
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
    device = BOB.browser.id
    many = {SignKey.generate(SeededRandom(f"w{n}")).public: a_box() for n in range(33)}
    changes: dict[str, dict[str, tuple[str, Any, str]]] = {
        "mail": {
            "mail-suite": ("data.suite", "SE2", "unsupported_suite"),
            "mail-suite-missing": ("data.suite", MISSING, "schema"),
            "mail-body": ("data.body", "A", "encoding"),
            "mail-body-kind": ("data.body", None, "schema"),
            "mail-no-wraps": ("data.wraps", {}, "schema"),
            "mail-many-wraps": ("data.wraps", many, "schema"),
            "mail-wraps-kind": ("data.wraps", [], "schema"),
            "mail-wrap-name": ("data.wraps", {"bob": a_box()}, "encoding"),
            "mail-wrap-box": (f"data.wraps.{device}.box", "A+B/", "encoding"),
            "mail-wrap-suite": (f"data.wraps.{device}.suite", "PL1", "unsupported_suite"),
            "mail-wrap-extra": (f"data.wraps.{device}.more", 1, "schema"),
            "mail-to-device": ("data.to_device", device, "schema"),
        },
        "typing": {
            "typing-no-device": ("data.to_device", None, "schema"),
            "typing-sealed": ("data.sealed", None, "schema"),
            "typing-ephemeral": ("data.sealed.ephemeral", "AAAA", "encoding"),
            "typing-one-time": ("data.sealed.one_time", 0, "schema"),
        },
        "pair": {
            "pair-slot": ("data.slot", "AAAA", "encoding"),
            "pair-step": ("data.step", "jump", "schema"),
            "pair-payload": ("data.payload", [], "schema"),
            "pair-payload-large": ("data.payload", {"a": "x" * 32_761}, "schema"),
        },
        "prekeys": {
            "prekeys-signed": ("data.signed", None, "schema"),
            "prekeys-one-time": ("data.one_time", [], "schema"),
        },
        "keys": {
            "keys-claim": ("data.claim", 1, "schema"),
            "keys-address": ("data.address.ip", "", "address"),
            "keys-address-extra": ("data.address.more", "", "schema"),
        },
        "keys-result": {
            "result-ref": ("data.ref", None, "schema"),
            "result-keys": ("data.keys", [], "schema"),
            "result-one-time": ("data.one_time", {device: 1}, "schema"),
            "result-one-time-name": ("data.one_time", {"bob": None}, "encoding"),
            "result-no-device": ("data.to_device", None, "schema"),
        },
        "ack": {
            "ack-none": ("data.hashes", [], "schema"),
            "ack-many": ("data.hashes", [_id("hash", 32)] * 501, "schema"),
            "ack-short": ("data.hashes", [_id("hash", 16)], "encoding"),
        },
        "accepted": {"accepted-null": ("data.ref", None, "schema")},
        "changed": {"changed-topic": ("data.topic", "weather", "schema")},
        "comment-state": {
            "comment-short": ("data.comment", _id("c"), "encoding"),
            "comment-state": ("data.state", "hidden", "schema"),
        },
        "watch": {
            "watch-visitor": ("data.username", "~" + ALICE.account, "schema"),
            "watch-empty": ("data.username", "", "schema"),
            "watch-newline": ("data.username", "bob\n", "schema"),
        },
        "hint": {
            "hint-no-url": ("data.url", "", "schema"),
            "hint-long-url": ("data.url", "h" * 2_049, "schema"),
        },
        "error": {
            "error-code": ("data.code", "Bad!", "schema"),
            "error-code-long": ("data.code", "a" * 65, "schema"),
            "error-message": ("data.message", "\u00e9" * 513, "schema"),
            "error-ref-short": ("data.ref", "AAAA", "encoding"),
        },
    }
    return [case for type, each in changes.items() for case in _changed(values[type], each)]


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
    large = put(envelope_of("request"), "data.body", _id("large", 6_000))
    huge = put(envelope_of("mail"), "data.body", _id("huge", 49_200))
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
        "other-id": put(value, "data.id", _id("another")),
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


ORIGIN = "https://alice.example"
CLIENT_HEX = SeededRandom("handshake/client").bytes(32).hex()
SERVER_HEX = SeededRandom("handshake/server").bytes(32).hex()


def _client(frames: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "seed_hex": BROWSER.key.seed.hex(),
        "role": "device",
        "address": ALICE.address.wire(),
        "origin": ORIGIN,
        "random_hex": CLIENT_HEX,
        "expected": SITE_KEY.public,
        "frames": frames,
        **changes,
    }


def _server(frames: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "seed_hex": SITE_KEY.seed.hex(),
        "origins": [ORIGIN],
        "random_hex": SERVER_HEX,
        "frames": frames,
        "welcome": None,
        **changes,
    }


def _frames(**changes: Any) -> tuple[str, str, str, str]:
    """hello, challenge, proof, welcome as both sides send them."""
    welcome = {
        "address": ALICE.address.wire(),
        "capabilities": ["live"],
        "limits": {"rate": 60},
        "slot": None,
    }
    [hello] = wire_ops.OPS["handshake"]["client"](_client([], **changes))["sent"]
    [challenge] = wire_ops.OPS["handshake"]["server"](_server([hello]))["sent"]
    _, proof = wire_ops.OPS["handshake"]["client"](_client([challenge], **changes))["sent"]
    sent = wire_ops.OPS["handshake"]["server"](_server([hello, proof], welcome=welcome))["sent"]
    return hello, challenge, proof, sent[-1]


def _frame(text: str, path: str, member: Any) -> str:
    return text_of(put(json.loads(text), path, member))


def handshake() -> list[Case]:
    hello, challenge, proof, welcome = _frames()
    site = _frames(role="site", address=HERE.wire())
    pairing = _frames(role="pairing", address=HERE.wire(), expected=None)
    given = {"address": ALICE.address.wire(), "capabilities": ["live"], "limits": {"rate": 60}, "slot": None}
    refusal = text_of({"type": "error", "data": {"code": "unlisted_device", "message": "no"}})
    strange = text_of({"type": "error", "data": {"code": "no_such_code", "message": ""}})
    other = _frame(challenge, "data.sig", "A" * 86)
    cases = [
        good("client", "the whole way", "client", **_client([challenge, welcome])),
        good(
            "client-open",
            "an open welcome",
            "client",
            **_client([challenge, _frame(welcome, "data.more", 1)]),
        ),
        good(
            "client-site",
            "a site dials",
            "client",
            **_client(list(site[1::2]), role="site", address=HERE.wire()),
        ),
        good("client-trusting", "no key expected", "client", **_client([challenge], expected=None)),
        good("server", "the whole way", "server", **_server([hello, proof], welcome=given)),
        good("server-site", "a site dials in", "server", **_server([site[0], site[2]])),
        good("server-pairing", "a waiting vault", "server", **_server([pairing[0], pairing[2]])),
    ]
    wrong_client = {
        "client-refused": ([refusal], "unlisted_device", "the server's own code"),
        "client-refused-late": ([challenge, refusal], "unlisted_device", "the server's own code"),
        "client-strange-code": ([strange], "refused", "a code nobody knows"),
        "client-forged": ([other], "not_proven", "a forged signature"),
        "client-early-welcome": ([welcome], "schema", "no challenge before"),
        "client-second-challenge": ([challenge, challenge], "schema", "another challenge"),
        "client-after": ([challenge, welcome, welcome], "schema", "nothing follows"),
        "client-unknown-frame": ([text_of({"type": "x", "data": {}})], "schema", "no such frame"),
        "client-later-version": ([_frame(challenge, "data.v", 2)], "unsupported_version", "a later version"),
        "client-welcome-slot": ([challenge, _frame(welcome, "data.slot", "x")], "encoding", "not a slot"),
        "client-welcome-limits": (
            [challenge, _frame(welcome, "data.limits.rate", "x")],
            "schema",
            "not a number",
        ),
        "client-syntax": (["{"], "json_syntax", "not JSON"),
        "client-large": (["x" * 8_193], "json_too_large", "over 8 KiB"),
    }
    wrong_server = {
        "server-origin": ([_evil()], "refused", "another origin"),
        "server-forged": ([hello, _frame(proof, "data.sig", "A" * 86)], "not_proven", "a forged proof"),
        "server-other-nonce": (
            [_frame(hello, "data.nonce", _id("n", 32)), proof],
            "not_proven",
            "a proof of another hello",
        ),
        "server-other-key": (
            [_frame(hello, "data.key", BOB.browser.id), proof],
            "not_proven",
            "another's key",
        ),
        "server-early-proof": ([proof], "schema", "no hello before"),
        "server-second-hello": ([hello, hello], "schema", "another hello"),
        "server-after": ([hello, proof, proof], "schema", "nothing follows"),
        "server-role": ([_frame(hello, "data.role", "king")], "schema", "no such role"),
        "server-device-site": (
            [_frame(hello, "data.address.username", "")],
            "schema",
            "a device has a username",
        ),
        "server-site-user": (
            [_frame(site[0], "data.address.username", "alice")],
            "schema",
            "a site has none",
        ),
        "server-version": ([_frame(hello, "data.v", 2)], "unsupported_version", "a later version"),
        "server-short-nonce": ([_frame(hello, "data.nonce", "AAAA")], "encoding", "a nonce too short"),
        "server-space": ([hello.replace(":", ": ", 1)], "json_not_canonical", "not canonical"),
        "server-extra": ([_frame(hello, "more", 1)], "schema", "an unknown member"),
    }
    return [
        *cases,
        *(
            bad(id, why, error, "client", **_client(frames))
            for id, (frames, error, why) in wrong_client.items()
        ),
        bad(
            "client-other-site",
            "not the key expected",
            "not_proven",
            "client",
            **_client([challenge], expected=ALICE.account),
        ),
        bad(
            "client-other-origin",
            "dialled elsewhere",
            "not_proven",
            "client",
            **_client([challenge], origin="https://a.example"),
        ),
        *(
            bad(id, why, error, "server", **_server(frames))
            for id, (frames, error, why) in wrong_server.items()
        ),
    ]


def _evil() -> str:
    [hello] = wire_ops.OPS["handshake"]["client"](_client([], origin="https://evil.example"))["sent"]
    return str(hello)


BROWSER_NONCE = SeededRandom("pairing/browser").bytes(16).hex()
VAULT_NONCE = SeededRandom("pairing/vault").bytes(16).hex()


def _pairing_browser(messages: list[Any]) -> dict[str, Any]:
    return {
        "account": ALICE.account,
        "device": BROWSER.id,
        "random_hex": BROWSER_NONCE,
        "messages": messages,
    }


def _pairing_vault(messages: list[Any]) -> dict[str, Any]:
    vault = ALICE.vault
    return {
        "seed_hex": vault.key.seed.hex(),
        "secret_hex": vault.dh.secret.hex(),
        "name": "Pi in the hall",
        "random_hex": VAULT_NONCE,
        "messages": messages,
    }


def pairing() -> list[Case]:
    browser, vault = wire_ops.OPS["pairing"]["browser"], wire_ops.OPS["pairing"]["vault"]
    certificate = make_certificate(ALICE.key, ALICE.vault.id, ALICE.vault.dh.public, "vault", NOW)
    devices = make_device_list(ALICE.key, 2, [BROWSER.wire, certificate], NOW)
    enrol = {
        "certificate": certificate,
        "list": devices,
        "address": ALICE.address.wire(),
        "site_key": SITE_KEY.public,
    }
    [opened] = browser(_pairing_browser([]))["sent"]
    [commit] = vault(_pairing_vault([opened]))["sent"]
    revealed = browser(_pairing_browser([commit]))["sent"][-1]
    shown = vault(_pairing_vault([opened, revealed]))["sent"][-1]
    given = browser(_pairing_browser([commit, shown, {"enrol": enrol}]))["sent"][-1]
    done = {"step": "done", "payload": {}}
    abort = {"step": "abort", "payload": {"code": "pairing_busy"}}
    bob_list = make_device_list(BOB.key, 2, [BOB.browser.wire], NOW)
    bob_certificate = make_certificate(BOB.key, ALICE.vault.id, ALICE.vault.dh.public, "vault", NOW)
    other_dh = make_certificate(ALICE.key, ALICE.vault.id, BROWSER.dh.public, "vault", NOW)
    without = make_device_list(ALICE.key, 2, [BROWSER.wire], NOW)
    wrong_browser = {
        "browser-swapped-key": (
            [commit, put(shown, "payload.device", BOB.vault.id)],
            "pairing_commitment",
            "another device",
        ),
        "browser-swapped-dh": (
            [commit, put(shown, "payload.dh", BOB.vault.dh.public)],
            "pairing_commitment",
            "another key",
        ),
        "browser-swapped-nonce": (
            [commit, put(shown, "payload.nonce", _id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "browser-early-reveal": ([shown], "schema", "no commitment before"),
        "browser-second-commit": ([commit, commit], "schema", "another commitment"),
        "browser-early-done": ([commit, shown, done], "schema", "nothing was confirmed"),
        "browser-long-name": ([commit, put(shown, "payload.name", "x" * 65)], "schema", "65 characters"),
        "browser-abort": ([commit, abort], "pairing_busy", "the vault gave up"),
        "browser-extra": ([put(commit, "payload.more", 1)], "schema", "an unknown member"),
    }
    wrong_vault = {
        "vault-swapped-account": (
            [put(opened, "payload.account", BOB.account), revealed],
            "pairing_commitment",
            "another account",
        ),
        "vault-swapped-nonce": (
            [opened, put(revealed, "payload.nonce", _id("x"))],
            "pairing_commitment",
            "another nonce",
        ),
        "vault-early-reveal": ([revealed], "schema", "no opening before"),
        "vault-early-certificate": ([opened, given], "schema", "no reveal before"),
        "vault-other-account": (
            [opened, revealed, put(given, "payload.certificate", bob_certificate)],
            "certificate_account",
            "another account's certificate",
        ),
        "vault-other-list": (
            [opened, revealed, put(given, "payload.list", bob_list)],
            "certificate_account",
            "another account's list",
        ),
        "vault-other-device": (
            [opened, revealed, put(given, "payload.certificate", BROWSER.wire)],
            "certificate_device",
            "another device",
        ),
        "vault-other-dh": (
            [opened, revealed, put(given, "payload.certificate", other_dh)],
            "certificate_device",
            "another dh key",
        ),
        "vault-not-listed": (
            [opened, revealed, put(given, "payload.list", without)],
            "certificate_device",
            "the list lacks it",
        ),
        "vault-forged": (
            [opened, revealed, put(given, "payload.certificate.role", "root")],
            "signature",
            "a changed certificate",
        ),
        "vault-site-address": (
            [opened, revealed, put(given, "payload.address.username", "")],
            "schema",
            "whose address?",
        ),
        "vault-abort": ([opened, abort], "pairing_busy", "the browser gave up"),
        "vault-again": ([opened, revealed, given, given], "schema", "nothing follows"),
    }
    return [
        good(
            "browser", "the whole way", "browser", **_pairing_browser([commit, shown, {"enrol": enrol}, done])
        ),
        good("browser-code", "until the code", "browser", **_pairing_browser([commit, shown])),
        good("vault-code", "until the code", "vault", **_pairing_vault([opened, revealed])),
        good("vault", "the whole way", "vault", **_pairing_vault([opened, revealed, given])),
        *(
            bad(id, why, error, "browser", **_pairing_browser(m))
            for id, (m, error, why) in wrong_browser.items()
        ),
        *(bad(id, why, error, "vault", **_pairing_vault(m)) for id, (m, error, why) in wrong_vault.items()),
    ]


FILES: dict[str, Callable[[], list[Case]]] = {
    "envelope": envelope,
    "handshake": handshake,
    "pairing": pairing,
}
