"""Posts as their authors' devices sign them."""

from homevault.protocol.keys import sign
from homevault.protocol.posts import PostDraft, make_post
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.statement import COMMON, Change, broken

ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


def post() -> list[Case]:
    browser, certificate = ALICE.browser, ALICE.browser.wire
    draft = PostDraft(ID, 1, "First \U0001f3e1", "The *lamp* is lit. #porch", ["winter", "two words"], NOW)
    value = make_post(ALICE.account, browser.key, draft, NOW)
    gone = make_post(ALICE.account, ALICE.vault.key, PostDraft(ID, 3, "", None, [], NOW), NOW + 90_000)
    longest = sign(
        "post",
        {
            **value,
            "text": "\u00e9" * 120_000,
            "title": "\U0001f3e1" * 200,
            "tags": ["\U0001f3e1" * 80] * 40,
            "number": 2**53 - 1,
        },
        browser.key,
    )
    empty = sign("post", {**value, "text": "", "tags": []}, browser.key)
    changes: list[Change] = [
        ("id-upper", "id", ID.upper(), "schema", "small letters only"),
        ("id-urn", "id", f"urn:uuid:{ID}", "schema", "the id alone"),
        ("id-newline", "id", ID + "\n", "schema", "nothing behind it"),
        ("number-zero", "number", 0, "schema", "versions begin at 1"),
        ("number-text", "number", "1", "schema", "a number"),
        ("published-null", "published", None, "schema", "no time"),
        ("title-long", "title", "a" * 201, "schema", "201 characters"),
        ("title-null", "title", None, "schema", "no title is empty text"),
        ("text-long", "text", "\u00e9" * 120_001, "schema", "240,002 bytes"),
        ("text-escaped", "text", '"' * 131_000, "json_too_large", "each character takes two bytes"),
        ("tags-many", "tags", ["a"] * 41, "schema", "41 tags"),
        ("tag-long", "tags", ["a" * 81], "schema", "81 characters"),
        ("tag-kind", "tags", [1], "schema", "a tag is text"),
        ("tags-kind", "tags", "winter", "schema", "a list"),
        ("text-null", "text", None, "schema", "what is deleted says nothing"),
        ("changed", "text", "Other words", "signature", "another text"),
        ("retitled", "title", "", "signature", "another title"),
        ("retagged", "tags", ["two words", "winter"], "signature", "another order"),
        ("again", "number", 2, "signature", "another version"),
        ("earlier", "published", NOW - 1, "signature", "another date"),
    ]
    by_vault, by_bob = {"certificate": ALICE.vault.wire}, {"certificate": BOB.browser.wire}
    signed = {"post": value, "certificate": certificate}
    forged = put(signed, "certificate.role", "vault")
    return [
        good("post", "a post", "verify", value=value, certificate=certificate),
        good(
            "post-longest",
            "everything as long as it may be",
            "verify",
            value=longest,
            certificate=certificate,
        ),
        good("post-title-only", "a title says enough", "verify", value=empty, certificate=certificate),
        good("post-deleted", "deleted by another device", "verify", value=gone, **by_vault),
        *broken("verify", value, COMMON + changes, certificate=certificate),
        bad("device", "another device's", "certificate_device", "verify", value=value, **by_vault),
        bad("account", "another account's", "certificate_account", "verify", value=value, **by_bob),
        good("signed", "as a browser gives it", "signed", value=signed),
        bad("signed-certificate", "a forged certificate", "signature", "signed", value=forged),
        bad("signed-closed", "an unknown member", "schema", "signed", value={**signed, "x": 1}),
    ]
