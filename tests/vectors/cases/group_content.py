"""Content of groups: edits, deletes, reactions, files, calls."""

from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE, BOB, random_id
from tests.vectors.cases.club import CAROL, Club
from tests.vectors.cases.group_members import history
from tests.vectors.cases.told import id_of, ids

FILE = {
    "tid": random_id("tid"),
    "display_name": "photo.jpg",
    "total_size": 12_345,
    "sha3sum": random_id("file", 32),
    "media": "image/jpeg",
}
CALL = random_id("call")


def _calls(uri: str) -> list[dict[str, object]]:
    """Wrong ones, were Bob to write them."""
    end: dict[str, object] = {"call": CALL, "outcome": "ended", "duration": 1, "uri": None}
    return [
        {**end, "call": "AAAA"},
        {**end, "duration": None},
        {**end, "outcome": "missed"},
        {**end, "uri": uri},
        {**end, "outcome": "started", "duration": None},
        {**end, "outcome": "started", "duration": None, "uri": uri},
    ]


def cases() -> list[Case]:
    club = Club(2, members=[BOB, CAROL])
    mine = id_of(club.text(ALICE, "helo"))
    club.writes(ALICE, "edit", {"target": mine, "text": "hello"})
    reaction = id_of(club.writes(BOB, "reaction", {"target": mine, "emoji": "\U0001f44d"}))
    club.writes(BOB, "delete", {"target": reaction})
    club.writes(ALICE, "delete", {"target": mine})
    club.writes(BOB, "data-transfer", FILE)
    club.starts(CAROL, CALL)
    club.writes(CAROL, "call-history", {"call": CALL, "outcome": "ended", "duration": 61_000, "uri": None})
    aside = club.fork()
    theirs = id_of(aside.text(BOB, "unseen"))
    club.writes(ALICE, "edit", {"target": ids(1)[0], "text": "nobody's"})
    club.writes(ALICE, "delete", {"target": theirs})
    refused = [
        club.forged(BOB, "edit", {"target": mine, "text": "not mine"}),
        club.forged(BOB, "delete", {"target": mine}),
        club.forged(BOB, "delete", {"target": id_of(club.events[0])}),
        club.forged(BOB, "reaction", {"target": mine, "emoji": ""}),
        club.forged(BOB, "data-transfer", {**FILE, "media": "image"}),
        club.forged(BOB, "data-transfer", {**FILE, "total_size": -1}),
        club.forged(BOB, "data-transfer", {**FILE, "display_name": ""}),
        *(club.forged(BOB, "call-history", body) for body in _calls(club.uri(CAROL, CALL))),
    ]
    refused = [*refused, club.forged(CAROL, "poll", {"question": "when?"})]
    return [
        history("content", "own only; unknown targets do nothing", club, *refused),
        history("content-unseen", "a target that came beside", club.meets(aside)),
    ]
