"""Certificates and device lists."""

from typing import Any

from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.keys import SignKey, sign
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import Case, bad, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.statement import COMMON, broken


def certificate() -> list[Case]:
    value = ALICE.browser.wire
    roles = ("root", "member", "vault", "visitor")
    made = {
        role: make_certificate(ALICE.key, BOB.browser.id, BOB.browser.dh.public, role, NOW) for role in roles
    }
    later = put(put(value, "v", 2), "extra", 1)
    return [
        *(good(f"role-{role}", "a certificate", "verify", value=each) for role, each in made.items()),
        *broken("verify", value, COMMON),
        *broken(
            "verify",
            value,
            [
                ("role", "role", "admin", "schema", "no such role"),
                ("dh-short", "dh", "AAAA", "encoding", "a key too short"),
                ("device-padding", "device", value["device"] + "=", "encoding", "padding"),
                ("other-account", "account", BOB.account, "signature", "another account did not sign it"),
                ("other-device", "device", BOB.browser.id, "signature", "another device"),
                ("other-role", "role", "vault", "signature", "another role"),
                ("other-sig", "sig", flip(value["sig"]), "signature", "another signature"),
            ],
        ),
        bad(
            "version-first",
            "the version counts before the members",
            "unsupported_version",
            "verify",
            value=later,
        ),
        bad("not-an-object", "a list", "schema", "verify", value=[value]),
    ]


def a_list(number: int = 3, **more: Any) -> dict[str, Any]:
    """The list of Alice's two devices, with members replaced before it is signed."""
    value = make_device_list(ALICE.key, number, [ALICE.browser.wire, ALICE.vault.wire], NOW)
    return sign("device-list", {**value, **more}, ALICE.key) if more else value


def device_list() -> list[Case]:
    value = a_list()
    devices = value["devices"]
    foreign = sorted([devices[0], BOB.browser.wire], key=lambda each: str(each["device"]))
    forged = put(value, "devices.0.role", "member")["devices"]
    many = [
        make_certificate(
            ALICE.key, SignKey.generate(SeededRandom(f"d{n}")).public, ALICE.browser.dh.public, "member", NOW
        )
        for n in range(17)
    ]
    sixteen = make_device_list(ALICE.key, 1, many[:16], NOW)
    return [
        good("two", "a browser and a vault", "verify", value=value),
        good("sixteen", "as many as allowed", "verify", value=sixteen),
        bad("seventeen", "one too many", "schema", "verify", value=make_device_list(ALICE.key, 1, many, NOW)),
        bad("none", "no device", "schema", "verify", value=a_list(devices=[])),
        bad("number-zero", "numbers start at 1", "schema", "verify", value=a_list(number=0)),
        bad(
            "unsorted",
            "devices in another order",
            "device_list_order",
            "verify",
            value=a_list(devices=devices[::-1]),
        ),
        bad("twice", "a device twice", "device_list_order", "verify", value=a_list(devices=[devices[0]] * 2)),
        bad(
            "foreign",
            "another account's device",
            "certificate_account",
            "verify",
            value=a_list(devices=foreign),
        ),
        bad(
            "foreign-first",
            "the account counts before the order",
            "certificate_account",
            "verify",
            value=a_list(devices=foreign[::-1]),
        ),
        bad(
            "forged-certificate",
            "a certificate changed, the list signed",
            "signature",
            "verify",
            value=a_list(devices=forged),
        ),
        bad("changed", "the number changed", "signature", "verify", value=put(value, "number", 4)),
        bad(
            "nested-schema",
            "a bad member of a certificate",
            "schema",
            "verify",
            value=a_list(devices=[{**devices[0], "x": 1}]),
        ),
        *broken("verify", value, COMMON),
        *_newer(value),
    ]


def _newer(value: dict[str, Any]) -> list[Case]:
    other = make_device_list(BOB.key, 9, [BOB.browser.wire], NOW)
    conflict = make_device_list(ALICE.key, 3, [ALICE.browser.wire], NOW)
    return [
        good("first-seen", "none is known", "newer", known=None, new=value),
        good("newer", "a higher number", "newer", known=value, new=a_list(number=4)),
        good("same", "the same bytes", "newer", known=value, new=value),
        bad("stale", "a lower number", "device_list_stale", "newer", known=value, new=a_list(number=2)),
        bad(
            "conflict",
            "the same number, other devices",
            "device_list_conflict",
            "newer",
            known=value,
            new=conflict,
        ),
        bad("other-list", "another account's", "certificate_account", "newer", known=value, new=other),
    ]
