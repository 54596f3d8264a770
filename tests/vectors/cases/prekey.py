"""Prekeys and keys documents."""

from typing import Any

from homevault.protocol.certificates import verify_device_list
from homevault.protocol.freshness import make_freshness
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW
from tests.vectors.cases.case import MISSING, Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.certificate import a_list
from tests.vectors.cases.statement import COMMON, broken
from tests.vectors.cases.told import ids


def _many(count: int) -> dict[str, Any]:
    """So many one-time prekeys of Alice's browser."""
    return make_one_time(ALICE.account, ALICE.browser.key, ids(count), NOW)


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
        good("one-time-most", "100 keys", "one-time", value=_many(100), certificate=certificate),
        bad("one-time-many", "101 keys", "schema", "one-time", value=_many(101), certificate=certificate),
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
        *_more(value),
        *_claims(keys),
    ]


def _documents(prekey: dict[str, Any]) -> list[Case]:
    vault = ALICE.vault
    second = make_signed_prekey(ALICE.account, vault.key, vault.prekey.public, NOW)
    both = sorted([prekey, second], key=lambda each: str(each["device"]))
    unlisted = make_signed_prekey(BOB.account, BOB.browser.key, BOB.browser.prekey.public, NOW)
    document = {"v": 1, "list": a_list(), "prekeys": both}
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


def _more(prekey: dict[str, Any]) -> list[Case]:
    """The members that a document may have beyond the first three."""
    value = a_list()
    document = {"v": 1, "list": value, "prekeys": [prekey], "revocations": [], "freshness": None}
    said = make_freshness(ALICE.vault.key, verify_device_list(value), [], NOW)
    revoked = [make_revocation(ALICE.key, ALICE.account, ALICE.vault.id, NOW)]
    bobs = make_revocation(BOB.key, BOB.account, ALICE.vault.id, NOW)
    unlisted = make_freshness(BOB.vault.key, verify_device_list(value), [], NOW)
    both = {"revocations": revoked, "freshness": said}
    goods = {
        "empty": ({}, "nothing to tell"),
        "both": (both, "the list's own vault is revoked"),
    }
    bads = {
        "revocations-kind": ({"revocations": None}, "schema", "not a list"),
        "revocations-foreign": ({"revocations": [bobs]}, "certificate_account", "another account's"),
        "freshness-kind": ({"freshness": 1}, "schema", "not a statement"),
        "freshness-unlisted": ({"freshness": unlisted}, "certificate_device", "a stranger's word"),
        "revocations-first": (
            {"revocations": [bobs], "freshness": 1},
            "certificate_account",
            "the revocations count first",
        ),
    }
    account = ALICE.account
    return [
        *(
            good(f"document-{id}", why, "document", value={**document, **more}, account=account)
            for id, (more, why) in goods.items()
        ),
        *(
            bad(f"document-{id}", why, error, "document", value={**document, **more}, account=account)
            for id, (more, error, why) in bads.items()
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
