"""What conversations hold and show: files, calls, lines."""

import hashlib

from homevault.protocol.encoding import b64encode
from tests.vectors.cases import shown
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, random_id
from tests.vectors.cases.club import CAROL, Club
from tests.vectors.cases.group_content import CALL, FILE
from tests.vectors.cases.told import Told, joined

OTHER = random_id("other call")


def content() -> list[Case]:
    return [*_files(), *_calls(), *_hosts(), *shown.cases()]


def _files() -> list[Case]:
    data = b"a photo, in two pieces"
    body = {**FILE, "total_size": len(data), "sha3sum": b64encode(hashlib.sha3_256(data).digest())}
    chunks = [data[:7].hex(), data[7:].hex()]
    return [
        good("sum-whole", "the bytes that were offered", "sum", body=body, chunks_hex=chunks),
        good("sum-cut", "a piece lacks", "sum", body=body, chunks_hex=chunks[:1]),
        good("sum-other", "as many, others", "sum", body=body, chunks_hex=["00" * len(data)]),
        good("sum-none", "an empty file", "sum", body={**body, "total_size": 0}, chunks_hex=[]),
    ]


def calls(id: str, why: str, told: Told, hosts: tuple[str, ...] = ()) -> Case:
    return good(id, why, "calls", events=told.events, hosts=list(hosts))


def _ended(outcome: str, call: str = CALL) -> dict[str, object]:
    duration = 61_000 if outcome == "ended" else None
    return {"call": call, "outcome": outcome, "duration": duration, "uri": None}


def _club() -> Club:
    club = Club(2, [BOB], [CAROL])
    club.starts(CAROL, CALL)
    return club


def _calls() -> list[Case]:
    ended, foreign, banned, left, two = _club(), _club(), _club(), _club(), _club()
    ended.writes(CAROL, "call-history", _ended("ended"))
    ended.writes(CAROL, "call-history", _ended("missed"))
    foreign.writes(BOB, "call-history", _ended("ended"))
    banned.votes(BOB, CAROL)
    banned.bans(ALICE, CAROL)
    left.leaves(CAROL)
    here, there = two.fork(), two.fork()
    here.starts(ALICE, OTHER)
    there.starts(BOB, OTHER)
    pair = joined()
    uri = f"{ALICE.account}/{ALICE.browser.id}/{pair.replica.swarm}/{CALL}"
    pair.take(
        pair.draft(
            ALICE.browser,
            ALICE.account,
            "call-history",
            body={**_ended("started"), "uri": uri},
        )
    )
    answered = pair.fork()
    answered.take(answered.draft(BOB.browser, BOB.account, "call-history", body=_ended("declined")))
    unbegun = Club(2)
    unbegun.writes(ALICE, "call-history", _ended("missed"))
    return [
        calls("call-running", "begun, not ended", _club()),
        calls("call-ended", "the first end counts", ended),
        calls("call-foreign-end", "in a group only the host ends it", foreign),
        calls("call-host-banned", "its host was removed: dropped", banned),
        calls("call-host-left", "its host left: dropped", left),
        calls("call-twice", "two calls at once: the one begun first is to be joined", here.meets(there)),
        calls("call-pair", "between two people", pair),
        calls("call-declined", "the other one ends it too", answered),
        calls("call-unbegun", "an end without a beginning is no call", unbegun),
    ]


def _hosts() -> list[Case]:
    club = _club()
    alice, bob, carol = (f"{each.account}/{each.browser.id}" for each in (ALICE, BOB, CAROL))
    vault = f"{ALICE.account}/{ALICE.vault.id}"
    gone = club.fork()
    gone.leaves(CAROL)
    return [
        calls("host-first", "the first of the profile", club, (carol, bob)),
        calls("host-left", "one that left is passed over", gone, (carol, bob)),
        calls("host-unknown", "a device that was not committed is none", club, (vault, alice)),
        calls("host-none", "none may: who calls", gone, (carol, vault)),
    ]
