"""SE1 boxes."""

from typing import Any

from homevault.protocol.encoding import b64encode
from homevault.protocol.seal import device_context, envelope_context, seal
from tests.protocol.people import SeededRandom
from tests.vectors.cases.case import Case, bad, cut, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.keys import WEAK_POINTS

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


def _other_contexts(box: dict[str, Any]) -> dict[str, tuple[Any, dict[str, Any], str, str]]:
    """The box with each member of its context changed, one at a time."""
    others = {
        "from": EVE.address.wire(),
        "from_device": EVE.browser.id,
        "id": b64encode(bytes(16)),
        "to": EVE.address.wire(),
        "to_device": BOB.vault.id,
        "type": "request",
    }
    changed = {
        f"context-{name}": (box, {"context": {**BOX_CONTEXT, name: other}}, "decrypt", f"another {name}")
        for name, other in others.items()
    }
    unbound = {name: member for name, member in BOX_CONTEXT.items() if name != "to_device"}
    return {
        **changed,
        "context-null": (box, {"context": {**BOX_CONTEXT, "to_device": None}}, "decrypt", "for no device"),
        "context-mail": (box, {"context": unbound}, "decrypt", "as if it were the body of mail"),
    }


def _weak() -> list[Case]:
    """Keys of small order, wherever a hostile site or sender could put one."""
    box, cases = _box(), list[Case]()
    for id, point in WEAK_POINTS.items():
        key = b64encode(point)
        sealing = {
            "prekey": _sealing(b"hello", None, prekey=key),
            "recipient": _sealing(b"hello", None, recipient=key),
            "one-time": _sealing(b"hello", key),
        }
        why = "a key of small order"
        cases += [
            bad(f"seal-weak-{at}-{id}", why, "weak_key", "seal", **each) for at, each in sealing.items()
        ]
        opening = _opening(put(box, "ephemeral", key))
        cases.append(bad(f"open-weak-ephemeral-{id}", why, "weak_key", "open", **opening))
    listed = _opening(put(box, "dh", ZERO), sender_dh=ZERO)
    return [*cases, bad("open-weak-dh", "a listed key of zero", "weak_key", "open", **listed)]


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
        "ephemeral": (put(box, "ephemeral", EVE.browser.dh.public), {}, "decrypt", "another ephemeral key"),
        "changed": (put(box, "box", flip(box["box"], 9)), {}, "decrypt", "a changed byte"),
        "cut": (put(box, "box", cut(box["box"])), {}, "decrypt", "three bytes cut"),
        "no-box": (put(box, "box", ""), {}, "decrypt", "nothing in it"),
        "recipient": (box, {"secret_hex": BOB.vault.dh.secret.hex()}, "decrypt", "another recipient"),
        **_other_contexts(box),
        "suite-older": (put(box, "suite", "SE0"), {}, "unsupported_suite", "no way down"),
        "suite-signing": (put(box, "suite", "PL1"), {}, "unsupported_suite", "not a suite of seals"),
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
        *_weak(),
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
