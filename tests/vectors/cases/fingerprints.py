"""Fingerprints of direct connections, signed by devices."""

from homevault.protocol.fingerprints import make_fingerprints
from homevault.protocol.keys import sign
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, bad, flip, good
from tests.vectors.cases.cast import ALICE, BOB, EVE, random_id
from tests.vectors.cases.live import MINE, NEAR, SESSION, THEIRS
from tests.vectors.cases.statement import COMMON, broken

A256 = "sha-256 " + ":".join(["A5"] * 32)
B256 = "sha-256 " + ":".join(["0B"] * 32)
C384 = "sha-384 " + ":".join(["C3"] * 48)
D512 = "sha-512 " + ":".join(["D5"] * 64)


def _sdp(*lines: str, end: str = "\r\n") -> str:
    return end.join(["v=0", "s=-", *lines, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", ""])


def _line(fingerprint: str) -> str:
    return f"a=fingerprint:{fingerprint}"


def fingerprints() -> list[Case]:
    value = make_fingerprints(ALICE.account, MINE.key, THEIRS.id, SESSION, [A256, C384], NOW)
    given = {"certificate": MINE.wire, "own": THEIRS.id, "session": SESSION, "now": NOW}
    twice = sign("fingerprints", {**value, "fingerprints": [A256, A256]}, MINE.key)
    unsorted = sign("fingerprints", {**value, "fingerprints": [C384, A256]}, MINE.key)
    nine = ["sha-256 " + ":".join([f"0{n}"] * 32) for n in range(9)]
    changes = [
        *COMMON,
        ("none", "fingerprints", [], "schema", "no fingerprint"),
        ("most", "fingerprints", nine[:8], "signature", "eight are of good form"),
        ("many", "fingerprints", nine, "schema", "nine"),
        ("lower", "fingerprints", [A256.lower()], "schema", "lower case"),
        ("sha-1", "fingerprints", ["sha-1 " + ":".join(["A5"] * 20)], "schema", "too weak a hash"),
        ("short", "fingerprints", [A256[:-3]], "schema", "too short"),
        ("long", "fingerprints", [A256 + ":00"], "schema", "too long"),
        ("swapped", "fingerprints", [B256], "signature", "another certificate"),
        ("peer", "peer", EVE.browser.id, "wrong_sender", "another device's"),
        ("sig", "sig", flip(value["sig"]), "signature", "another signature"),
    ]
    others = {
        "own": ({"own": BOB.vault.id}, "wrong_sender", "for another device"),
        "session": ({"session": random_id("other")}, "replay", "of another call"),
        "device": ({"certificate": ALICE.vault.wire}, "certificate_device", "another device's certificate"),
        "account": ({"certificate": EVE.browser.wire}, "certificate_account", "another account's"),
        "ahead": ({"now": NOW - NEAR - 1}, "clock", "dated ahead"),
        "old": ({"now": NOW + NEAR + 1}, "expired", "played later"),
    }
    checks: dict[str, tuple[str, str | None, str]] = {
        "first": (_sdp(_line(A256)), None, "the one that was signed"),
        "both": (_sdp(_line(A256), _line(C384)), None, "both"),
        "lower": (_sdp(_line(A256.lower())), None, "in lower case"),
        "swapped": (_sdp(_line(B256)), "wrong_fingerprint", "another certificate"),
        "added": (_sdp(_line(A256), _line(B256)), "wrong_fingerprint", "one more certificate"),
        "added-stronger": (_sdp(_line(A256), _line(D512)), "wrong_fingerprint", "by a stronger hash"),
        "hash-swapped": (_sdp(_line(A256.replace("256", "384"))), "wrong_fingerprint", "another hash"),
    }
    return [
        *_sdps(),
        good(
            "make",
            "sorted, each once",
            "make",
            account=ALICE.account,
            seed_hex=MINE.key.seed.hex(),
            peer=THEIRS.id,
            session=SESSION,
            fingerprints=[C384, A256, C384],
            now=NOW,
        ),
        good("verify", "a statement", "verify", value=value, **given),
        *broken("verify", value, changes, **given),
        bad("twice", "one twice", "schema", "verify", value=twice, **given),
        bad("unsorted", "in another order", "schema", "verify", value=unsorted, **given),
        *(
            bad(f"verify-{id}", why, error, "verify", value=value, **{**given, **change})
            for id, (change, error, why) in others.items()
        ),
        *(
            Case(f"check-{id}", why, {"op": "check", "value": value, "sdp": sdp, **given}, error)
            for id, (sdp, error, why) in checks.items()
        ),
    ]


def _sdps() -> list[Case]:
    reads: dict[str, tuple[str, str | None, str]] = {
        "one": (_sdp(_line(A256)), None, "one"),
        "levels": (_sdp(_line(A256)) + _line(A256) + "\r\n", None, "for the whole and for a part"),
        "three": (_sdp(_line(D512), _line(C384), _line(A256)), None, "three hashes of one certificate"),
        "newlines": (_sdp(_line(A256), end="\n"), None, "bare line feeds"),
        "mixed-case": (_sdp(_line(A256.title())), None, "in any case"),
        "none": (_sdp(), "wrong_fingerprint", "none"),
        "empty": ("", "wrong_fingerprint", "nothing"),
        "sha-1": (
            _sdp(_line(A256), _line("sha-1 " + ":".join(["A5"] * 20))),
            "wrong_fingerprint",
            "a weak one",
        ),
        "md5": (_sdp(_line("md5 " + ":".join(["A5"] * 16))), "wrong_fingerprint", "a weaker one"),
        "unknown": (_sdp(_line("sha-999 " + ":".join(["A5"] * 32))), "wrong_fingerprint", "unknown"),
        "length": (_sdp(_line(A256 + ":A5")), "wrong_fingerprint", "too long"),
        "colons": (_sdp(_line(A256.replace(":", ""))), "wrong_fingerprint", "without colons"),
        "spaces": (_sdp(_line(A256.replace(" ", "  "))), "wrong_fingerprint", "two spaces"),
        "trailing": (_sdp(_line(A256) + " "), "wrong_fingerprint", "a space behind"),
        "attribute-case": (_sdp(_line(A256), _line(B256).upper()), "wrong_fingerprint", "another spelling"),
        "indented": (_sdp(_line(A256), " " + _line(B256)), "wrong_fingerprint", "indented"),
        "carriage-return": (_sdp(_line(A256) + "\r" + _line(C384)), None, "lone carriage returns"),
        "tab": (_sdp(_line(A256.replace(" ", "\t"))), "wrong_fingerprint", "a tab"),
    }
    return [
        Case(f"sdp-{id}", why, {"op": "sdp", "sdp": sdp}, error) for id, (sdp, error, why) in reads.items()
    ]
