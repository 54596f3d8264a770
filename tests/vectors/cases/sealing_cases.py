"""SE1 boxes and account mail."""

import json
from collections.abc import Callable
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import make_envelope
from homevault.protocol.seal import Recipient, device_context, envelope_context, seal, seal_mail
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.vectors.cases.case import Case, bad, cut, flip, good, put

ALICE, BOB, EVE = Person("alice"), Person("bob"), Person("eve")
SENDER, TO = ALICE.browser, BOB.browser
ID = b64encode(SeededRandom("mail/id").bytes(16))
CONTEXT = envelope_context(ALICE.address.wire(), SENDER.id, ID, BOB.address.wire(), "mail")
BOX_CONTEXT = device_context(CONTEXT, TO.id)
EPHEMERAL = SeededRandom("ephemeral").bytes(32)
ZERO = b64encode(bytes(32))


def _opening(box: Any, **changes: Any) -> dict[str, Any]:
    return {
        "box": box,
        "context": BOX_CONTEXT,
        "secret_hex": TO.dh.secret.hex(),
        "signed_hex": [BOB.vault.prekey.secret.hex(), TO.prekey.secret.hex()],
        "one_time_hex": [TO.one_time.secret.hex()],
        "sender_dh": SENDER.dh.public,
        **changes,
    }


def _sealing(plaintext: bytes, one_time: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "plaintext_hex": plaintext.hex(),
        "context": BOX_CONTEXT,
        "secret_hex": SENDER.dh.secret.hex(),
        "recipient": TO.dh.public,
        "prekey": TO.prekey.public,
        "one_time": one_time,
        "random_hex": EPHEMERAL.hex(),
        **changes,
    }


def _box(plaintext: bytes = b"hello", one_time: str | None = TO.one_time.public) -> dict[str, Any]:
    random = SeededRandom("ephemeral")
    return seal(plaintext, BOX_CONTEXT, SENDER.dh, TO.dh.public, TO.prekey.public, one_time, random)


def se1() -> list[Case]:
    sizes = {"empty": 0, "five": 5, "pad-one": 255, "pad-full": 256, "long": 1000}
    box, without = _box(), _box(one_time=None)
    wrong = {
        "sender": (
            box,
            {"sender_dh": EVE.browser.dh.public},
            "wrong_identity_key",
            "not the sender's listed key",
        ),
        "dh": (put(box, "dh", EVE.browser.dh.public), {}, "wrong_identity_key", "another key in the box"),
        "prekey": (put(box, "prekey", EVE.browser.prekey.public), {}, "unknown_prekey", "a prekey not held"),
        "no-prekeys": (box, {"signed_hex": []}, "unknown_prekey", "the prekey is gone"),
        "used": (box, {"one_time_hex": []}, "unknown_prekey", "the one-time prekey is gone"),
        "one-time-taken": (put(box, "one_time", None), {}, "decrypt", "the one-time prekey left out"),
        "one-time-added": (
            put(without, "one_time", TO.one_time.public),
            {},
            "decrypt",
            "a one-time prekey put in",
        ),
        "other-signed": (
            put(box, "prekey", BOB.vault.prekey.public),
            {},
            "decrypt",
            "another prekey that is held",
        ),
        "weak": (put(box, "ephemeral", ZERO), {}, "weak_key", "an ephemeral key of zero"),
        "ephemeral": (put(box, "ephemeral", EVE.browser.dh.public), {}, "decrypt", "another ephemeral key"),
        "changed": (put(box, "box", flip(box["box"], 9)), {}, "decrypt", "a changed byte"),
        "cut": (put(box, "box", cut(box["box"])), {}, "decrypt", "three bytes cut"),
        "no-box": (put(box, "box", ""), {}, "decrypt", "nothing in it"),
        "recipient": (box, {"secret_hex": BOB.vault.dh.secret.hex()}, "decrypt", "another recipient"),
        "context-type": (box, {"context": {**BOX_CONTEXT, "type": "request"}}, "decrypt", "another type"),
        "context-to": (
            box,
            {"context": {**BOX_CONTEXT, "to": EVE.address.wire()}},
            "decrypt",
            "another address",
        ),
        "context-device": (box, {"context": {**BOX_CONTEXT, "to_device": None}}, "decrypt", "another device"),
        "suite": (put(box, "suite", "SE2"), {}, "unsupported_suite", "another suite"),
        "schema": (put(box, "more", 1), {}, "schema", "an unknown member"),
        "encoding": (put(box, "prekey", "AAAA"), {}, "encoding", "a key too short"),
        "order": (
            put(put(box, "dh", ZERO), "prekey", ZERO),
            {},
            "wrong_identity_key",
            "the identity counts first",
        ),
    }
    return [
        *(
            good(f"seal-{id}", "a box", "seal", **_sealing(b"\x80\x00" * size, None))
            for id, size in sizes.items()
        ),
        good("seal-one-time", "with a one-time prekey", "seal", **_sealing(b"hello", TO.one_time.public)),
        bad("seal-weak", "a prekey of zero", "weak_key", "seal", **_sealing(b"hello", None, prekey=ZERO)),
        *(
            good(f"open-{id}", "a box", "open", **_opening(_box(b"\x80\x00" * n, None)))
            for id, n in sizes.items()
        ),
        good("open-one-time", "it names the one-time prekey", "open", **_opening(box)),
        *(
            bad(f"open-{id}", why, error, "open", **_opening(each, **changes))
            for id, (each, changes, error, why) in wrong.items()
        ),
    ]


RECIPIENTS = [
    Recipient(TO.id, TO.dh.public, TO.prekey.public, TO.one_time.public),
    Recipient(BOB.vault.id, BOB.vault.dh.public, BOB.vault.prekey.public),
]
LETTER = canonical({"kind": "missing", "swarm": b64encode(bytes(32)), "events": [b64encode(b"\x01" * 32)]})


def _mail(random_label: str = "mail") -> dict[str, Any]:
    return seal_mail(LETTER, CONTEXT, SENDER.dh, RECIPIENTS, SeededRandom(random_label))


def _envelope(fields: dict[str, Any], to: Address = BOB.address) -> dict[str, Any]:
    made = make_envelope(
        ALICE.address, to, "mail", fields, SENDER.key, SENDER.id, None, NOW, 600, SeededRandom("x"), id=ID
    )
    return dict(json.loads(made.raw))


def _opening_mail(value: Any, opener: Device, **changes: Any) -> dict[str, Any]:
    return {
        "text": canonical(value).decode(),
        "device": opener.id,
        "secret_hex": opener.dh.secret.hex(),
        "signed_hex": [opener.prekey.secret.hex()],
        "one_time_hex": [opener.one_time.secret.hex()],
        "sender_dh": SENDER.dh.public,
        **changes,
    }


def mail() -> list[Case]:
    fields = _mail()
    value = _envelope(fields)
    other = _mail("other")
    short_key = seal(
        b"short", BOX_CONTEXT, SENDER.dh, TO.dh.public, TO.prekey.public, None, SeededRandom("e")
    )
    taken = SeededRandom("mail")
    random_hex = b"".join(taken.bytes(count) for count in (32, 24, 32, 32)).hex()
    wrong = {
        "other-body": (put(value, "data.body", other["body"]), {}, "decrypt", "another's body"),
        "cut-body": (put(value, "data.body", cut(fields["body"])), {}, "decrypt", "a cut body"),
        "no-body": (put(value, "data.body", "AAAA"), {}, "decrypt", "no room for a nonce"),
        "moved": (put(value, "to.username", "eve"), {}, "decrypt", "readdressed"),
        "renamed": (put(value, "from.username", "eve"), {}, "decrypt", "another sender's name"),
        "other-id": (put(value, "data.id", b64encode(bytes(16))), {}, "decrypt", "another id"),
        "other-type": (put(value, "type", "request"), {}, "decrypt", "another type"),
        "short-key": (put(value, f"data.wraps.{TO.id}", short_key), {}, "decrypt", "not a key in the wrap"),
        "unwrapped": (value, {"device": EVE.browser.id}, "decrypt", "not among the wraps"),
        "sender": (value, {"sender_dh": EVE.browser.dh.public}, "wrong_identity_key", "not the sender's key"),
        "used": (value, {"one_time_hex": []}, "unknown_prekey", "the one-time prekey is gone"),
    }
    return [
        good(
            "seal",
            "a letter for two devices",
            "seal",
            letter_hex=LETTER.hex(),
            context=CONTEXT,
            secret_hex=SENDER.dh.secret.hex(),
            recipients=[
                {"device": r.device, "dh": r.dh, "prekey": r.prekey, "one_time": r.one_time}
                for r in RECIPIENTS
            ],
            random_hex=random_hex,
        ),
        good("open-browser", "by the browser", "open", **_opening_mail(value, TO)),
        good(
            "open-vault", "by the vault, without one-time prekey", "open", **_opening_mail(value, BOB.vault)
        ),
        *(
            bad(f"open-{id}", why, error, "open", **_opening_mail(each, TO, **changes))
            for id, (each, changes, error, why) in wrong.items()
        ),
    ]


FILES: dict[str, Callable[[], list[Case]]] = {"se1": se1, "mail": mail}
