"""Posts as their authors' devices sign them."""

from dataclasses import asdict, replace
from hashlib import sha256

from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import sign
from homevault.protocol.posts import PostAttachment, PostDraft, make_post
from tests.protocol.people import NOW
from tests.vectors.cases.case import MISSING, Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.statement import COMMON, Change, broken

ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
PICTURE = PostAttachment(b64encode(sha256(b"a picture").digest()), "image/jpeg", 9, "A lamp \U0001f3ee")
SOUND = PostAttachment(b64encode(sha256(b"a sound").digest()), "audio/mpeg", 7, "")


def post() -> list[Case]:
    browser, certificate = ALICE.browser, ALICE.browser.wire
    words = ("First \U0001f3e1", "The *lamp* is lit. #porch", ["winter", "two words"])
    draft = PostDraft(ID, 1, *words, NOW, (PICTURE, SOUND))
    value = make_post(ALICE.account, browser.key, draft, NOW)
    pictures = [{**PICTURE.wire(), "size": size, "alt": "\U0001f3ee" * 1_500} for size in range(1, 21)]
    gallery = sign("post", {**value, "attachments": pictures}, browser.key)
    earlier = {name: member for name, member in value.items() if name != "attachments"}
    bare = sign("post", earlier, browser.key)
    plain = make_post(ALICE.account, browser.key, replace(draft, attachments=()), NOW)
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
    longest = sign("post", {**longest, "attachments": []}, browser.key)
    empty = sign("post", {**value, "text": "", "tags": []}, browser.key)
    ended = sign("post", {**gone, "attachments": [PICTURE.wire()]}, ALICE.vault.key)
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
        ("attachments-null", "attachments", None, "schema", "a list, or not there at all"),
        ("attachments-many", "attachments", [SOUND.wire()] * 21, "schema", "21 of them"),
        ("attachment-kind", "attachments.0", SOUND.hash, "schema", "an object"),
        ("attachment-open", "attachments.0.url", "https://one.example/", "schema", "an unknown member"),
        ("attachment-alt-missing", "attachments.1.alt", MISSING, "schema", "nothing to see is empty text"),
        ("attachment-alt-long", "attachments.1.alt", "a" * 1_501, "schema", "1,501 characters"),
        ("attachment-hash-short", "attachments.0.hash", PICTURE.hash[:-4], "encoding", "29 bytes"),
        ("attachment-hash-hex", "attachments.0.hash", "00" * 32, "encoding", "hexadecimal"),
        ("attachment-size-zero", "attachments.0.size", 0, "schema", "no file is empty"),
        ("attachment-size-text", "attachments.0.size", "9", "schema", "a number"),
        ("attachment-type-upper", "attachments.0.type", "image/JPEG", "schema", "small letters only"),
        ("attachment-type-more", "attachments.0.type", "image/jpeg; q=1", "schema", "the type alone"),
        ("attachment-type-newline", "attachments.0.type", "image/jpeg\n", "schema", "nothing behind it"),
        ("described", "attachments.0.alt", "A door", "signature", "another description"),
        ("exchanged", "attachments.0.hash", SOUND.hash, "signature", "another file"),
        ("taken-out", "attachments", [], "signature", "without its attachments"),
        ("unmentioned", "attachments", MISSING, "signature", "as if it did not speak of them"),
        ("turned-round", "attachments", [SOUND.wire(), PICTURE.wire()], "signature", "another order"),
        ("changed", "text", "Other words", "signature", "another text"),
        ("retitled", "title", "", "signature", "another title"),
        ("retagged", "tags", ["two words", "winter"], "signature", "another order"),
        ("again", "number", 2, "signature", "another version"),
        ("earlier", "published", NOW - 1, "signature", "another date"),
    ]
    by_vault, by_bob = {"certificate": ALICE.vault.wire}, {"certificate": BOB.browser.wire}
    signed = {"post": value, "certificate": certificate}
    forged = put(signed, "certificate.role", "vault")
    made = {"account": ALICE.account, "seed_hex": browser.key.seed.hex(), "now": NOW}
    return [
        good("make", "a post with a picture and a sound", "make", draft=asdict(draft), **made),
        good("make-plain", "a post of words", "make", draft=asdict(replace(draft, attachments=())), **made),
        good("post", "a post", "verify", value=value, certificate=certificate),
        good("post-plain", "shows nothing beside its words", "verify", value=plain, certificate=certificate),
        good("post-gallery", "twenty pictures", "verify", value=gallery, certificate=certificate),
        good("post-bare", "does not say what it shows", "verify", value=bare, certificate=certificate),
        bad("post-ended", "what is deleted shows nothing", "schema", "verify", value=ended, **by_vault),
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
