"""Comments."""

from typing import Any

from homevault.protocol.certificates import verify_certificate
from homevault.protocol.comments import make_comment, make_comment_change, verify_comment
from homevault.protocol.keys import sign
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.statement import COMMON, Change, broken


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
        ("text-long", "text", "a" * 8_193, "schema", "8,193 bytes"),
        ("post-none", "post", "", "schema", "no URL"),
        ("post-long", "post", "h" * 2_049, "schema", "2,049 bytes"),
        ("post-longest", "post", "h" * 2_048, "signature", "of good form"),
        ("shortest", "text", "a", "signature", "of good form"),
        ("post-shortest", "post", "h", "signature", "of good form"),
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
        *_change(value),
    ]


def _change(comment: dict[str, Any]) -> list[Case]:
    browser, vault = ALICE.browser, ALICE.vault
    made = verify_comment(comment, verify_certificate(browser.wire))
    value = make_comment_change(made, ALICE.address, browser.key, "Alice", 1, "Nicer!", NOW + 60_000)
    back = make_comment_change(made, ALICE.address, vault.key, "Alice", 2, None, NOW + 90_000)
    changes: list[Change] = [
        ("text-empty", "text", "", "schema", "null takes back, nothing does not"),
        ("text-long", "text", "a" * 8_193, "schema", "8,193 bytes"),
        ("text-longest", "text", "a" * 8_192, "signature", "of good form"),
        ("text-shortest", "text", "a", "signature", "of good form"),
        ("post-none", "post", "", "schema", "no URL"),
        ("post-long", "post", "h" * 2_049, "schema", "2,049 bytes"),
        ("post-longest", "post", "h" * 2_048, "signature", "of good form"),
        ("post-shortest", "post", "h", "signature", "of good form"),
        ("name-long", "name", "a" * 65, "schema", "65 characters"),
        ("author-site", "author.username", "", "schema", "a site does not comment"),
        ("comment-short", "comment", "AAAA", "encoding", "an id too short"),
        ("number-zero", "number", 0, "schema", "numbers begin at 1"),
        ("number-text", "number", "1", "schema", "a number"),
        ("written-null", "written", None, "schema", "no time"),
        ("changed", "text", "Awful!", "signature", "another text"),
        ("taken-back", "text", None, "signature", "taken back by somebody else"),
        ("again", "number", 2, "signature", "another number"),
        ("moved", "post", made.post + "2", "signature", "another post"),
    ]
    named = [(f"change-{id}", *rest) for id, *rest in COMMON + changes]
    by_alice, by_vault, by_bob = ({"certificate": one.wire} for one in (browser, vault, BOB.browser))
    posted = {"change": value, "certificate": browser.wire}
    both = {**posted, "comment": comment}
    return [
        good("change", "a change", "change", value=value, certificate=browser.wire),
        good("change-back", "taken back by another device", "change", value=back, certificate=vault.wire),
        *broken("change", value, named, certificate=browser.wire),
        bad("change-device", "another device's", "certificate_device", "change", value=value, **by_vault),
        bad("change-account", "another account's", "certificate_account", "change", value=value, **by_bob),
        bad("change-comment", "a comment is no change", "schema", "change", value=comment, **by_alice),
        good("change-posted", "as its author's site posts it", "posted-change", value=posted),
        bad("change-posted-closed", "two at once", "schema", "posted-change", value=both),
    ]
