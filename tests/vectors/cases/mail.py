"""Account mail."""

import json
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
