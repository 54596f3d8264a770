"""Live sessions between two devices."""

from typing import Any

from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import DhKey, sign
from homevault.protocol.live import make_hello
from tests.protocol.people import NOW, SeededRandom
from tests.vectors import live_ops
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE, random_id
from tests.vectors.cases.statement import COMMON, Change, broken

SESSION = random_id("live/session")
NEAR = 300_000
MINE, THEIRS = ALICE.browser, BOB.browser
OPENER = SeededRandom("live/opener").bytes(72).hex()
ANSWERER = SeededRandom("live/answerer").bytes(56).hex()
CHANGES: list[Change] = [
    (id, path, "PL2" if id == "suite" else member, error, why) for id, path, member, error, why in COMMON
]


def _opening(answer: Any = None, steps: Any = (), answer_now: int = NOW + 1) -> dict[str, Any]:
    return {
        "account": ALICE.account,
        "seed_hex": MINE.key.seed.hex(),
        "certificate": THEIRS.wire,
        "now": NOW,
        "random_hex": OPENER,
        "answer": answer,
        "answer_now": answer_now,
        "steps": list(steps),
    }


def _answering(hello: Any, steps: Any = (), **changes: Any) -> dict[str, Any]:
    return {
        "account": BOB.account,
        "seed_hex": THEIRS.key.seed.hex(),
        "certificate": MINE.wire,
        "hello": hello,
        "now": NOW + 1,
        "random_hex": ANSWERER,
        "steps": list(steps),
        **changes,
    }


def _say(*texts: bytes, last: bool = True) -> list[dict[str, Any]]:
    """Steps that send these, the last one as the last word."""
    return [{"send": each.hex(), "last": last and each is texts[-1]} for each in texts]


def _hear(*frames: str) -> list[dict[str, Any]]:
    return [{"receive": each} for each in frames]


def live() -> list[Case]:
    return [*_hellos(), *_agreements(), *_streams()]


def _hellos() -> list[Case]:
    ephemeral = DhKey.generate(SeededRandom("live/hello")).public
    value = make_hello(ALICE.account, MINE.key, THEIRS.id, SESSION, ephemeral, None, NOW)
    reading = {"certificate": MINE.wire, "own": THEIRS.id, "now": NOW}
    changes = [
        *CHANGES,
        ("session-short", "session", "AAAA", "encoding", "a session too short"),
        ("other-session", "session", random_id("other"), "signature", "another session"),
        ("other-ephemeral", "ephemeral", EVE.browser.dh.public, "signature", "a swapped key"),
        ("answers", "answers", random_id("x", 32), "signature", "made an answer"),
    ]
    again = {"value": value, **reading}
    other = make_hello(ALICE.account, MINE.key, THEIRS.id, random_id("other"), ephemeral, None, NOW)
    return [
        good("hello", "an opening hello", "hello", value=value, **reading),
        *broken("hello", value, changes, **reading),
        bad(
            "for-another",
            "for another device",
            "wrong_sender",
            "hello",
            value=value,
            **{**reading, "own": BOB.vault.id},
        ),
        bad(
            "device",
            "another device's",
            "certificate_device",
            "hello",
            value=value,
            **{**reading, "certificate": ALICE.vault.wire},
        ),
        bad(
            "account",
            "another account's",
            "certificate_account",
            "hello",
            value=value,
            **{**reading, "certificate": EVE.browser.wire},
        ),
        good("ahead", "five minutes ahead", "hello", value=value, **{**reading, "now": NOW - NEAR}),
        bad("far-ahead", "dated ahead", "clock", "hello", value=value, **{**reading, "now": NOW - NEAR - 1}),
        good("old", "five minutes old", "hello", value=value, **{**reading, "now": NOW + NEAR}),
        bad("too-old", "played later", "expired", "hello", value=value, **{**reading, "now": NOW + NEAR + 1}),
        good(
            "seen",
            "a repeated hello opens nothing, another one does",
            "seen",
            hellos=[again, again, {**again, "value": other}, {**again, "now": NOW + NEAR}],
        ),
    ]


def _agreements() -> list[Case]:
    """How sessions come about, and who cannot bring them about."""
    opened, answered = live_ops.OPS["live"]["open"], live_ops.OPS["live"]["answer"]
    hello = opened(_opening())["hello"]
    answer = answered(_answering(hello))["answer"]
    elsewhere = make_hello(
        BOB.account, THEIRS.key, MINE.id, random_id("other"), answer["ephemeral"], answer["answers"], NOW
    )
    other_hello = make_hello(
        BOB.account, THEIRS.key, MINE.id, hello["session"], answer["ephemeral"], random_id("x", 32), NOW
    )
    vault = make_hello(
        BOB.account, BOB.vault.key, MINE.id, hello["session"], answer["ephemeral"], answer["answers"], NOW
    )
    crossed = make_hello(BOB.account, THEIRS.key, MINE.id, hello["session"], answer["ephemeral"], None, NOW)
    points = {
        "zero": bytes(32),
        "one": (1).to_bytes(32, "little"),
        "eight": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    }
    weak = {id: b64encode(point) for id, point in points.items()}
    wrong = {
        "swapped": (put(answer, "ephemeral", EVE.browser.dh.public), "signature", "a swapped key"),
        "session": (elsewhere, "not_proven", "an answer of another session"),
        "hello": (other_hello, "not_proven", "an answer to another hello"),
        "unanswered": (crossed, "not_proven", "a hello that answers nothing"),
        "device": (vault, "certificate_device", "another device answers"),
        "reflected": (hello, "certificate_account", "the own hello comes back"),
        "suite": (put(answer, "suite", "LS0"), "unsupported_suite", "no way down"),
    }
    return [
        good("open", "a hello", "open", **_opening()),
        good("answer", "an answer", "answer", **_answering(hello)),
        good("opened", "a session", "open", **_opening(answer)),
        *(
            bad(f"open-{id}", why, error, "open", **_opening(each))
            for id, (each, error, why) in wrong.items()
        ),
        bad(
            "open-late",
            "an answer too late",
            "expired",
            "open",
            **_opening(answer, answer_now=NOW + NEAR + 2),
        ),
        *(
            bad(
                f"open-weak-{id}",
                "an ephemeral key of small order",
                "weak_key",
                "open",
                **_opening(sign("session-hello", {**answer, "ephemeral": key}, THEIRS.key)),
            )
            for id, key in weak.items()
        ),
        *(
            bad(
                f"answer-weak-{id}",
                "an ephemeral key of small order",
                "weak_key",
                "answer",
                **_answering(sign("session-hello", {**hello, "ephemeral": key}, MINE.key)),
            )
            for id, key in weak.items()
        ),
        bad(
            "answer-answer",
            "an answer is not answered",
            "schema",
            "answer",
            **_answering(sign("session-hello", {**hello, "answers": answer["answers"]}, MINE.key)),
        ),
    ]


def _streams() -> list[Case]:
    opened, answered = live_ops.OPS["live"]["open"], live_ops.OPS["live"]["answer"]
    hello = opened(_opening())["hello"]
    answer = answered(_answering(hello))["answer"]
    saying = _say(b"one", b"", b"three" * 100)
    frames = opened(_opening(answer, saying))["steps"]
    back = answered(_answering(hello, _say(b"and back")))["steps"]
    many = [{"send": "00", "last": False}] * 1_026
    rekeyed = opened(_opening(answer, many))["steps"]
    one, two, three = frames
    close = {"close": True}
    hearing: dict[str, tuple[list[Any], str]] = {
        "whole": ([*_hear(*frames), close], "in order, to the last word"),
        "replayed": (_hear(one, one, two), "a frame again"),
        "reordered": (_hear(one, three, two), "in another order"),
        "lost": (_hear(one, three), "one is missing"),
        "first-lost": (_hear(two), "the first is missing"),
        "changed": (_hear(one, two[:-2] + ("00" if two[-2:] != "00" else "01")), "a changed byte"),
        "header-changed": (_hear(("00" if one[:2] != "00" else "01") + one[2:]), "a changed header"),
        "cut": (_hear(one[:40]), "half a header"),
        "empty": (_hear(""), "nothing"),
        "short": (_hear(one, "00"), "less than a tag"),
        "truncated": ([*_hear(one, two), close], "cut off before the last word"),
        "never": ([close], "cut off before the first"),
        "after-last": ([*_hear(*frames, two), close], "more after the last word"),
        "reflected": (_hear(back[0]), "its own words come back"),
        "both": ([*_hear(*frames), *_say(b"and back"), close], "both ways, each with its own key"),
    }
    sending = {"after-last": (_say(b"last", last=True) + _say(b"more"), "nothing after the last word")}
    return [
        good("say", "three frames", "open", **_opening(answer, saying)),
        *(
            good(f"hear-{id}", why, "answer", **_answering(hello, steps))
            for id, (steps, why) in hearing.items()
        ),
        *(good(f"say-{id}", why, "open", **_opening(answer, steps)) for id, (steps, why) in sending.items()),
        good("hear-back", "the other direction", "open", **_opening(answer, _hear(*back))),
        good("say-rekeyed", "each 1,024th changes the keys", "open", **_opening(answer, many)),
        good("hear-rekeyed", "past a change of keys", "answer", **_answering(hello, _hear(*rekeyed))),
        good(
            "hear-other-session",
            "frames of another session",
            "answer",
            **_answering(hello, _hear(one), random_hex=SeededRandom("live/other").bytes(56).hex()),
        ),
    ]
