"""A device's word at which address its account is enrolled."""

from homevault.protocol.certificates import make_device_list
from homevault.protocol.keys import sign
from homevault.protocol.possession import make_possession
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.statement import COMMON, Change, broken

MINUTES = 300_000


def possession() -> list[Case]:
    devices = make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW)
    key, address = ALICE.browser.key, ALICE.address
    value = make_possession(ALICE.account, key, address, NOW)
    given = {"list": devices, "address": address.wire(), "now": NOW}
    other = {name: member for name, member in value.items() if name != "sig"}
    unlisted = make_possession(ALICE.account, ALICE.vault.key, address, NOW)
    stranger = make_possession(BOB.account, BOB.browser.key, address, NOW)
    by_account = sign("possession", other, ALICE.key)
    purpose = sign("post", other, key)
    changes: list[Change] = [
        *COMMON,
        ("account", "account", BOB.account, "certificate_account", "another account"),
        ("device", "device", EVE.browser.id, "certificate_device", "another device"),
        ("address-user", "address.username", "bob", "signature", "another member"),
        ("address-nobody", "address.username", "", "schema", "a site enrols nobody"),
        ("time-later", "time", NOW + 1, "signature", "another time"),
    ]
    elsewhere = {**given, "address": put(address.wire(), "ip", "evil.example")}
    namesake = {**given, "address": put(address.wire(), "username", "mallory")}
    return [
        good("listed", "a listed device says where it lives", "verify", value=value, **given),
        good("old", "five minutes ago", "verify", value=value, **{**given, "now": NOW + MINUTES}),
        good("ahead", "a clock ahead", "verify", value=value, **{**given, "now": NOW - MINUTES}),
        bad("late", "too old", "clock", "verify", value=value, **{**given, "now": NOW + MINUTES + 1}),
        bad("early", "too far ahead", "clock", "verify", value=value, **{**given, "now": NOW - MINUTES - 1}),
        bad("elsewhere", "said for another site", "not_proven", "verify", value=value, **elsewhere),
        bad("namesake", "said for another member", "not_proven", "verify", value=value, **namesake),
        bad("unlisted", "the list lacks it", "certificate_device", "verify", value=unlisted, **given),
        bad("stranger", "of another account", "certificate_account", "verify", value=stranger, **given),
        bad("by-account", "not signed by the device", "signature", "verify", value=by_account, **given),
        bad(
            "purpose",
            "signed for something else",
            "signature",
            "verify",
            value=purpose,
            **given,
        ),
        *broken("verify", value, changes, **given),
    ]
