"""Account mail."""

import json
from dataclasses import replace
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import make_envelope
from homevault.protocol.seal import Recipient, seal, seal_mail
from tests.protocol.people import NOW, Device, SeededRandom
from tests.vectors.cases.case import Case, bad, cut, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.se1 import BOX_CONTEXT, CONTEXT, ID, SENDER, TO

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
    wraps, mine, vaults = fields["wraps"], TO.id, BOB.vault.id
    swapped = {mine: wraps[vaults], vaults: wraps[mine]}
    drained = seal_mail(
        LETTER,
        CONTEXT,
        SENDER.dh,
        [replace(each, one_time=None) for each in RECIPIENTS],
        SeededRandom("mail"),
    )
    unpublished = put(value, f"data.wraps.{mine}.one_time", EVE.browser.one_time.public)
    wrong = {
        "swapped-wraps": (put(value, "data.wraps", swapped), {}, "unknown_prekey", "the vault's wrap"),
        "other-mails-wrap": (
            put(value, f"data.wraps.{mine}", other["wraps"][mine]),
            {},
            "decrypt",
            "the wrap of another mail with this id",
        ),
        "unpublished": (unpublished, {}, "unknown_prekey", "a one-time prekey it never published"),
        "readdressed-device": (
            put(value, "data.from_device", EVE.browser.id),
            {},
            "decrypt",
            "another device",
        ),
        "older-suite": (put(value, "data.suite", "SE0"), {}, "unsupported_suite", "no way down"),
        "older-version": (put(value, "data.v", 0), {}, "unsupported_version", "no way down"),
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
        good("open-drained", "no one-time prekey was left", "open", **_opening_mail(_envelope(drained), TO)),
        good(
            "open-vault", "by the vault, without one-time prekey", "open", **_opening_mail(value, BOB.vault)
        ),
        *(
            bad(f"open-{id}", why, error, "open", **_opening_mail(each, TO, **changes))
            for id, (each, changes, error, why) in wrong.items()
        ),
    ]
