"""Certificates, device lists, prekeys, site documents, comments."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.comments import make_comment
from homevault.protocol.keys import SignKey, sign
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.protocol.sites import make_site_document
from tests.protocol.people import NOW, Person, SeededRandom
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put

ALICE, BOB = Person("alice"), Person("bob")
SITE = SignKey.generate(SeededRandom("site"))

# (id, path, member, error, why): what may be wrong with any signed statement
Change = tuple[str, str, Any, str, str]

COMMON: list[Change] = [
    ("version", "v", 2, "unsupported_version", "a later version"),
    ("version-kind", "v", "1", "schema", "the version is a number"),
    ("suite", "suite", "PL2", "unsupported_suite", "another suite"),
    ("suite-kind", "suite", None, "schema", "the suite is text"),
    ("no-sig", "sig", MISSING, "schema", "a member is missing"),
    ("unknown-member", "extra", 1, "schema", "an unknown member"),
    ("short-sig", "sig", "AAAA", "encoding", "a signature too short"),
    ("sig-kind", "sig", 5, "schema", "a signature is text"),
    ("time-negative", "time", -1, "schema", "before 1970"),
    ("time-kind", "time", "now", "schema", "a time is a number"),
]


def broken(op: str, value: dict[str, Any], changes: list[Change], **more: Any) -> list[Case]:
    """Cases of `value` with one thing changed each, not signed again."""
    return [
        bad(id, why, error, op, value=put(value, path, member), **more)
        for id, path, member, error, why in changes
    ]


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


def _list(number: int = 3, **more: Any) -> dict[str, Any]:
    value = make_device_list(ALICE.key, number, [ALICE.browser.wire, ALICE.vault.wire], NOW)
    return sign("device-list", {**value, **more}, ALICE.key) if more else value


def device_list() -> list[Case]:
    value = _list()
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
        bad("none", "no device", "schema", "verify", value=_list(devices=[])),
        bad("number-zero", "numbers start at 1", "schema", "verify", value=_list(number=0)),
        bad(
            "unsorted",
            "devices in another order",
            "device_list_order",
            "verify",
            value=_list(devices=devices[::-1]),
        ),
        bad("twice", "a device twice", "device_list_order", "verify", value=_list(devices=[devices[0]] * 2)),
        bad(
            "foreign",
            "another account's device",
            "certificate_account",
            "verify",
            value=_list(devices=foreign),
        ),
        bad(
            "foreign-first",
            "the account counts before the order",
            "certificate_account",
            "verify",
            value=_list(devices=foreign[::-1]),
        ),
        bad(
            "forged-certificate",
            "a certificate changed, the list signed",
            "signature",
            "verify",
            value=_list(devices=forged),
        ),
        bad("changed", "the number changed", "signature", "verify", value=put(value, "number", 4)),
        bad(
            "nested-schema",
            "a bad member of a certificate",
            "schema",
            "verify",
            value=_list(devices=[{**devices[0], "x": 1}]),
        ),
        *broken("verify", value, COMMON),
        *_newer(value),
    ]


def _newer(value: dict[str, Any]) -> list[Case]:
    other = make_device_list(BOB.key, 9, [BOB.browser.wire], NOW)
    conflict = make_device_list(ALICE.key, 3, [ALICE.browser.wire], NOW)
    return [
        good("first-seen", "none is known", "newer", known=None, new=value),
        good("newer", "a higher number", "newer", known=value, new=_list(number=4)),
        good("same", "the same bytes", "newer", known=value, new=value),
        bad("stale", "a lower number", "device_list_stale", "newer", known=value, new=_list(number=2)),
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


def prekey() -> list[Case]:
    browser, certificate = ALICE.browser, ALICE.browser.wire
    value = make_signed_prekey(ALICE.account, browser.key, browser.prekey.public, NOW)
    keys = [browser.one_time.public, BOB.browser.one_time.public]
    one_time = make_one_time(ALICE.account, browser.key, keys, NOW)
    twice = make_one_time(ALICE.account, browser.key, [keys[0]] * 2, NOW)
    foreign = {"certificate": ALICE.vault.wire}
    named = [("other-key", "key", BOB.browser.prekey.public, "signature", "another key")]
    return [
        good("signed", "a signed prekey", "signed", value=value, certificate=certificate),
        *broken("signed", value, COMMON + named, certificate=certificate),
        bad(
            "signed-device",
            "another device's certificate",
            "certificate_device",
            "signed",
            value=value,
            **foreign,
        ),
        bad(
            "signed-account",
            "another account's",
            "certificate_account",
            "signed",
            value=value,
            certificate=BOB.browser.wire,
        ),
        good("one-time", "two one-time prekeys", "one-time", value=one_time, certificate=certificate),
        bad(
            "one-time-none",
            "no keys",
            "schema",
            "one-time",
            value=put(one_time, "keys", []),
            certificate=certificate,
        ),
        bad(
            "one-time-many",
            "101 keys",
            "schema",
            "one-time",
            value=put(one_time, "keys", keys[:1] * 101),
            certificate=certificate,
        ),
        bad("one-time-twice", "a key twice", "schema", "one-time", value=twice, certificate=certificate),
        bad(
            "one-time-changed",
            "a key taken out",
            "signature",
            "one-time",
            value=put(one_time, "keys", keys[:1]),
            certificate=certificate,
        ),
        bad(
            "one-time-device",
            "another device's certificate",
            "certificate_device",
            "one-time",
            value=one_time,
            **foreign,
        ),
        *_documents(value),
        *_claims(keys),
    ]


def _documents(prekey: dict[str, Any]) -> list[Case]:
    vault = ALICE.vault
    second = make_signed_prekey(ALICE.account, vault.key, vault.prekey.public, NOW)
    both = sorted([prekey, second], key=lambda each: str(each["device"]))
    unlisted = make_signed_prekey(BOB.account, BOB.browser.key, BOB.browser.prekey.public, NOW)
    document = {"v": 1, "list": _list(), "prekeys": both}
    account = ALICE.account
    return [
        good("document", "a list and its prekeys", "document", value=document, account=account),
        good("document-any", "whoever it is", "document", value=document, account=None),
        good(
            "document-one",
            "a device without prekey",
            "document",
            value=put(document, "prekeys", [prekey]),
            account=account,
        ),
        good(
            "document-none",
            "no prekey at all",
            "document",
            value=put(document, "prekeys", []),
            account=account,
        ),
        good(
            "document-open",
            "unknown members are ignored",
            "document",
            value={**document, "more": [1]},
            account=account,
        ),
        bad(
            "document-account",
            "another account",
            "certificate_account",
            "document",
            value=document,
            account=BOB.account,
        ),
        bad(
            "document-order",
            "prekeys unsorted",
            "device_list_order",
            "document",
            value=put(document, "prekeys", both[::-1]),
            account=account,
        ),
        bad(
            "document-twice",
            "a device twice",
            "device_list_order",
            "document",
            value=put(document, "prekeys", [prekey, prekey]),
            account=account,
        ),
        bad(
            "document-unlisted",
            "an unlisted device",
            "certificate_device",
            "document",
            value=put(document, "prekeys", [unlisted]),
            account=account,
        ),
        bad(
            "document-list",
            "a bad list",
            "signature",
            "document",
            value=put(document, "list.number", 9),
            account=account,
        ),
        bad(
            "document-version",
            "a later version",
            "unsupported_version",
            "document",
            value=put(document, "v", 2),
            account=account,
        ),
        bad(
            "document-missing",
            "no prekeys member",
            "schema",
            "document",
            value=put(document, "prekeys", MISSING),
            account=account,
        ),
    ]


def _claims(keys: list[str]) -> list[Case]:
    device = ALICE.browser.id
    return [
        good("claim", "a claim", "claim", value={"v": 1, "devices": [device]}),
        bad("claim-many", "17 devices", "schema", "claim", value={"v": 1, "devices": [device] * 17}),
        bad(
            "claim-closed",
            "an unknown member",
            "schema",
            "claim",
            value={"v": 1, "devices": [device], "x": 1},
        ),
        good(
            "claimed",
            "one is left, one is not",
            "claimed",
            value={"v": 1, "one_time": {device: keys[0], ALICE.vault.id: None}},
        ),
        bad("claimed-name", "not a device", "encoding", "claimed", value={"v": 1, "one_time": {"me": None}}),
    ]


def site() -> list[Case]:
    value = make_site_document(ALICE.address, SITE, ALICE.browser.dh.public, NOW)
    local = make_site_document(Address.make("127.0.0.2", 8002), SITE, ALICE.browser.dh.public, NOW)
    upper = sign("site-document", {**value, "ip": "Alice.example"}, SITE)
    more = sign("site-document", {**value, "motto": "hello"}, SITE)
    changes = [change for change in COMMON if change[0] != "unknown-member"]
    return [
        good("site", "a site document", "verify", value=value),
        good("site-local", "on another port", "verify", value=local),
        good("site-open", "unknown members are signed too, and ignored", "verify", value=more),
        *broken("verify", value, changes),
        bad(
            "site-member-added",
            "a member added after signing",
            "signature",
            "verify",
            value={**value, "motto": 1},
        ),
        bad("site-port", "no such port", "schema", "verify", value=put(value, "port", 65_536)),
        bad("site-ip", "not a host", "address", "verify", value=upper),
        bad("site-key", "another key", "signature", "verify", value=put(value, "key", ALICE.account)),
    ]


def comment() -> list[Case]:
    browser, certificate = ALICE.browser, ALICE.browser.wire
    post = "https://bob.example/@bob/hello"
    value = make_comment(
        ALICE.account,
        ALICE.address,
        browser.key,
        "Alice \U0001f3e1",
        post,
        "Nice!",
        NOW,
        SeededRandom("comment"),
    )
    changes: list[Change] = [
        ("text-empty", "text", "", "schema", "no text"),
        ("text-long", "text", "\u00e9" * 4_097, "schema", "8,194 bytes"),
        ("name-long", "name", "a" * 65, "schema", "65 characters"),
        ("author-site", "author.username", "", "schema", "a site does not comment"),
        ("author-address", "author.ip", "Alice.example", "address", "not an address"),
        ("id-short", "id", "AAAA", "encoding", "an id too short"),
        ("changed", "text", "Awful!", "signature", "another text"),
        ("moved", "post", post + "2", "signature", "another post"),
    ]
    astral = sign("comment", {**value, "name": "\U0001f3e1" * 64, "text": "a" * 8_192}, browser.key)
    by_vault = {"certificate": ALICE.vault.wire}
    posted = {"comment": value, "certificate": certificate}
    return [
        good("comment", "a comment", "verify", value=value, certificate=certificate),
        good(
            "comment-longest", "64 characters, 8,192 bytes", "verify", value=astral, certificate=certificate
        ),
        *broken("verify", value, COMMON + changes, certificate=certificate),
        bad(
            "device", "another device's certificate", "certificate_device", "verify", value=value, **by_vault
        ),
        bad(
            "account",
            "another account's",
            "certificate_account",
            "verify",
            value=value,
            certificate=BOB.browser.wire,
        ),
        good("posted", "as its author's site posts it", "posted", value=posted),
        bad(
            "posted-certificate",
            "a forged certificate",
            "signature",
            "posted",
            value=put(posted, "certificate.role", "vault"),
        ),
        bad("posted-closed", "an unknown member", "schema", "posted", value={**posted, "x": 1}),
    ]


FILES: dict[str, Callable[[], list[Case]]] = {
    "certificate": certificate,
    "device-list": device_list,
    "prekey": prekey,
    "site": site,
    "comment": comment,
}
