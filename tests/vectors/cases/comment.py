"""Comments."""

from homevault.protocol.comments import make_comment
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
