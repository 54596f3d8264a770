"""Freshness statements, and what is known of an account."""

from typing import Any

from homevault.protocol.certificates import make_certificate, make_device_list, verify_device_list
from homevault.protocol.freshness import make_freshness
from homevault.protocol.keys import sign
from homevault.protocol.revocations import make_revocation
from tests.protocol.people import NOW, Device
from tests.vectors.cases.case import Case, bad, flip, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.certificate import a_list
from tests.vectors.cases.statement import COMMON, Change, broken

DAY = 86_400_000
OTHER_VAULT = Device(ALICE.key, "alice/other-vault", "vault")
BROWSER, VAULT = ALICE.browser.id, ALICE.vault.id


def _said(value: Any, *revoked: str, now: int = NOW, by: Device = ALICE.vault) -> dict[str, Any]:
    return make_freshness(by.key, verify_device_list(value), revoked, now)


def _revocation(device: str) -> dict[str, Any]:
    return make_revocation(ALICE.key, ALICE.account, device, NOW)


def _known(list: Any, *revoked: str, freshness: Any = None) -> dict[str, Any]:
    revocations = [_revocation(device) for device in sorted(revoked)]
    return {"list": list, "revocations": revocations, "freshness": freshness}


def freshness() -> list[Case]:
    value = a_list()
    statement = _said(value)
    member = make_certificate(ALICE.key, BROWSER, ALICE.browser.dh.public, "member", NOW)
    demoted = make_device_list(ALICE.key, 3, [member, ALICE.vault.wire], NOW)
    bobs = make_device_list(BOB.key, 3, [BOB.browser.wire], NOW)
    changes: list[Change] = [
        *COMMON,
        ("number-zero", "number", 0, "schema", "numbers start at 1"),
        ("number-one", "number", 1, "signature", "of good form"),
        ("revoked-many", "revoked", 65, "schema", "more than a set holds"),
        ("list-short", "list", "AAAA", "encoding", "not a hash"),
        ("other-number", "number", 4, "signature", "another number"),
        ("other-list", "list", flip(statement["list"]), "signature", "another list"),
        ("other-time", "time", NOW + DAY, "signature", "another day"),
    ]
    return [
        good(
            "make",
            "by the vault",
            "make",
            seed_hex=ALICE.vault.key.seed.hex(),
            list=value,
            revoked=[EVE.account, BOB.account],
            now=NOW,
        ),
        good("vault", "by the vault", "verify", value=statement, list=value),
        good("root", "by the browser", "verify", value=_said(value, by=ALICE.browser), list=value),
        good("later", "about a later list", "verify", value=_said(a_list(4)), list=value),
        *broken("verify", statement, changes, list=value),
        bad(
            "member",
            "not a device that may",
            "certificate_device",
            "verify",
            value=_said(demoted, by=ALICE.browser),
            list=demoted,
        ),
        bad(
            "unlisted",
            "not in the list",
            "certificate_device",
            "verify",
            value=_said(value, by=OTHER_VAULT),
            list=value,
        ),
        bad("account", "another account", "certificate_account", "verify", value=statement, list=bobs),
        bad(
            "forged",
            "not signed by the device it names",
            "signature",
            "verify",
            value=sign("freshness", statement, EVE.key),
            list=value,
        ),
        *_learning(value),
        *_ages(value),
    ]


def _learning(three: Any) -> list[Case]:
    two, four = a_list(2), a_list(4)
    conflict = make_device_list(ALICE.key, 3, [ALICE.browser.wire], NOW)
    bobs = make_device_list(BOB.key, 9, [BOB.browser.wire], NOW)
    away = EVE.account
    cases: list[tuple[str, str, Any, Any]] = [
        ("first", "at first sight", None, _known(three, freshness=_said(three))),
        ("same", "nothing new", _known(three), _known(three)),
        ("newer", "a newer list", _known(three), _known(four)),
        ("rolled-back", "an older list gives way", _known(three), _known(two)),
        ("conflict", "another list of the same number", _known(three), _known(conflict)),
        ("revoked-anew", "a revocation is learnt", _known(three), _known(three, VAULT)),
        ("revoked-kept", "a site that drops it changes nothing", _known(three, VAULT), _known(three)),
        ("revoked-rolled-back", "an old list with a new revocation", _known(three), _known(two, BROWSER)),
        (
            "withheld-list",
            "the vault knows a later list",
            None,
            _known(three, freshness=_said(four)),
        ),
        (
            "withheld-then-shown",
            "then it is shown",
            _known(three, freshness=_said(four)),
            _known(four, freshness=_said(four)),
        ),
        (
            "withheld-revocation",
            "the vault knows a revocation",
            None,
            _known(three, freshness=_said(three, away)),
        ),
        (
            "withheld-other-revocation",
            "as many, but others",
            None,
            _known(three, BOB.account, freshness=_said(three, away)),
        ),
        (
            "withheld-conflict",
            "the vault knows another list of this number",
            None,
            _known(three, freshness=_said(conflict, by=ALICE.vault)),
        ),
        (
            "revoked-since",
            "the statement is older than the revocation",
            None,
            _known(three, away, freshness=_said(three)),
        ),
        (
            "silent",
            "the site leaves the statement out",
            _known(three, freshness=_said(three)),
            _known(three),
        ),
        (
            "later-statement",
            "the later of two days",
            _known(three, freshness=_said(three)),
            _known(three, freshness=_said(three, now=NOW + DAY)),
        ),
        (
            "earlier-statement",
            "an old statement again",
            _known(three, freshness=_said(three, now=NOW + DAY)),
            _known(three, freshness=_said(three)),
        ),
        (
            "revoked-signer",
            "a revoked vault's word counts for nothing",
            _known(three, freshness=_said(four)),
            _known(three, VAULT),
        ),
        (
            "removed-signer",
            "nor that of a vault that is listed no more",
            _known(make_device_list(ALICE.key, 4, [ALICE.browser.wire], NOW)),
            _known(three, freshness=_said(a_list(9))),
        ),
    ]
    return [
        *(good(f"learn-{id}", why, "learn", known=a, served=b) for id, why, a, b in cases),
        bad(
            "learn-account",
            "another account's",
            "certificate_account",
            "learn",
            known=_known(three),
            served=_known(bobs),
        ),
    ]


def _ages(value: Any) -> list[Case]:
    limit = NOW + 14 * DAY
    said = _known(value, freshness=_said(value, now=NOW + DAY))
    ages: list[tuple[str, str, Any, int]] = [
        ("list", "a list of today", _known(value), NOW),
        ("list-last", "14 days to the millisecond", _known(value), limit),
        ("list-old", "beyond, and nobody vouches", _known(value), limit + 1),
        ("list-ahead", "five minutes ahead", _known(value), NOW - 300_000),
        ("list-far-ahead", "further ahead", _known(value), NOW - 300_001),
        ("said", "vouched for a day later", said, limit + DAY),
        ("said-old", "nobody vouched since", said, limit + DAY + 1),
        (
            "said-of-older",
            "a word on an older list",
            _known(a_list(4), freshness=_said(value, now=NOW + DAY)),
            limit + 1,
        ),
        (
            "said-ahead",
            "a word from the far future",
            _known(value, freshness=_said(value, now=NOW + 900 * DAY)),
            limit + 1,
        ),
        ("withheld", "fresh, but a newer one exists", _known(value, freshness=_said(a_list(4))), NOW),
    ]
    due: list[tuple[str, str, Any, int]] = [
        ("none", "no statement yet", _known(value), NOW),
        ("just", "just made", _known(value, freshness=_said(value)), NOW),
        ("day", "almost a day", _known(value, freshness=_said(value)), NOW + DAY - 1),
        ("next", "a day later", _known(value, freshness=_said(value)), NOW + DAY),
        ("list", "the list changed", _known(a_list(4), freshness=_said(value)), NOW),
        ("revoked", "a device was revoked", _known(value, EVE.account, freshness=_said(value)), NOW),
        ("ahead", "made while the clock was wrong", _known(value, freshness=_said(value)), NOW - DAY),
    ]
    return [
        *(good(f"age-{id}", why, "age", known=known, now=now) for id, why, known, now in ages),
        *(good(f"due-{id}", why, "due", known=known, now=now) for id, why, known, now in due),
    ]
