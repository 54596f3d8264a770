"""Certificates and device lists."""

from typing import Any

from homevault.protocol.certificates import make_certificate, make_device_list, verify_device_list
from homevault.protocol.freshness import make_freshness
from homevault.protocol.keys import SignKey, sign
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import Case, bad, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
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
        *_firsts(put(value, "device", "AAAA")),
        bad("not-an-object", "a list", "schema", "verify", value=[value]),
    ]


def _firsts(misspelled: dict[str, Any]) -> list[Case]:
    """Version, then suite, then the set of members, before any other member is looked at."""
    changes: dict[str, tuple[dict[str, Any], str]] = {
        "version-kind": ({"v": "1"}, "schema"),
        "version-suite": ({"v": 2, "suite": "PL2"}, "unsupported_version"),
        "suite": ({"suite": "PL2"}, "unsupported_suite"),
        "suite-kind": ({"suite": 1}, "schema"),
        "suite-extra": ({"suite": "PL2", "extra": 1}, "unsupported_suite"),
        "set": ({"extra": 1}, "schema"),
    }
    return [
        bad(f"{id}-first", "before a misspelled key", code, "verify", value={**misspelled, **change})
        for id, (change, code) in changes.items()
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
    many = _some(17)
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
        *relisted(),
    ]


def relisted() -> list[Case]:
    """Lists that follow another."""
    seed, value = ALICE.key.seed.hex(), a_list()
    phone = make_certificate(ALICE.key, BOB.browser.id, BOB.browser.dh.public, "member", NOW)
    again = make_certificate(ALICE.key, ALICE.browser.id, BOB.browser.dh.public, "member", NOW + 1)
    sixteen = make_device_list(ALICE.key, 1, _some(16), NOW)
    one = make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW)
    given = {"seed_hex": seed, "now": NOW + 5}
    return [
        good("with", "a device more", "with", list=value, certificate=phone, **given),
        good("with-again", "a device's new certificate", "with", list=value, certificate=again, **given),
        bad("with-many", "a seventeenth", "too_many", "with", list=sixteen, certificate=phone, **given),
        good("with-replaced", "one of sixteen", "with", list=sixteen, certificate=_some(1)[0], **given),
        good("without", "a device less", "without", list=value, device=ALICE.vault.id, **given),
        good("without-stranger", "it was not there", "without", list=value, device=BOB.account, **given),
        bad("without-last", "none left", "schema", "without", list=one, device=ALICE.browser.id, **given),
        *_rebuilt(value, given),
    ]


def _rebuilt(three: dict[str, Any], given: dict[str, Any]) -> list[Case]:
    account, browser, vault = ALICE.account, ALICE.browser, ALICE.vault
    new = make_certificate(ALICE.key, EVE.browser.id, EVE.browser.dh.public, "root", NOW)
    seven = make_device_list(ALICE.key, 7, [browser.wire, *_some(2)], NOW)
    gone = [make_revocation(vault.key, account, browser.id, NOW, vault.wire)]

    def found(value: Any, revocations: Any = (), said: int | None = None) -> dict[str, Any]:
        later = verify_device_list(a_list(said)) if said else None
        statement = make_freshness(vault.key, later, [], NOW) if later else None
        return {"list": value, "revocations": list(revocations), "freshness": statement}

    cases: dict[str, tuple[Any, Any, str | None, str]] = {
        "first": ([], [new], None, "nothing was found"),
        "alone": ([found(three)], [new], None, "both others are revoked"),
        "contact": ([found(three), found(seven)], [new], None, "a contact knew a later list"),
        "keep": ([found(three), found(seven)], [new, vault.wire], None, "the vault stays"),
        "revoked": ([found(three, gone)], [new], None, "one was revoked before"),
        "vouched": ([found(three, said=9)], [new], None, "the vault knew a later list"),
        "vouched-far": ([found(three, said=1_003)], [new], None, "as far as it counts"),
        "vouched-too-far": ([found(three, said=1_004)], [new], None, "a vault that would use the numbers up"),
        "keep-revoked": ([found(three, gone)], [browser.wire], "certificate_device", "a revoked one"),
        "none": ([found(three)], [], "schema", "nothing to list"),
        "foreign": (
            [found(make_device_list(BOB.key, 9, [BOB.browser.wire], NOW))],
            [new],
            "certificate_account",
            "another account's list",
        ),
    }
    return [
        Case(f"rebuild-{id}", why, {"op": "rebuild", "found": lists, "keep": keep, **given}, error)
        for id, (lists, keep, error, why) in cases.items()
    ]


def _some(count: int) -> list[dict[str, Any]]:
    """Certificates of devices that nothing else is known of."""
    keys = [SignKey.generate(SeededRandom(f"d{number}")) for number in range(count)]
    return [make_certificate(ALICE.key, key.public, ALICE.browser.dh.public, "member", NOW) for key in keys]


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
