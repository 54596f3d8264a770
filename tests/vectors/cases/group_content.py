"""Content of groups: edits, deletes, reactions, files, calls."""

from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE, BOB, random_id
from tests.vectors.cases.club import CAROL, Club
from tests.vectors.cases.group_members import history
from tests.vectors.cases.told import id_of, ids


def cases() -> list[Case]:
    club = Club(2, members=[BOB, CAROL])
    mine = id_of(club.text(ALICE, "helo"))
    club.writes(ALICE, "edit", {"target": mine, "text": "hello"})
    reaction = id_of(club.writes(BOB, "reaction", {"target": mine, "emoji": "\U0001f44d"}))
    club.writes(BOB, "delete", {"target": reaction})
    club.writes(ALICE, "delete", {"target": mine})
    file = {"file": random_id("file", 32), "name": "photo.jpg", "size": 12_345, "media": "image/jpeg"}
    club.writes(BOB, "data-transfer", file)
    club.writes(CAROL, "call-history", {"call": random_id("call"), "outcome": "ended", "duration": 61_000})
    aside = club.fork()
    theirs = id_of(aside.text(BOB, "unseen"))
    club.writes(ALICE, "edit", {"target": ids(1)[0], "text": "nobody's"})
    club.writes(ALICE, "delete", {"target": theirs})
    refused = [
        club.forged(BOB, "edit", {"target": mine, "text": "not mine"}),
        club.forged(BOB, "delete", {"target": mine}),
        club.forged(BOB, "delete", {"target": id_of(club.events[0])}),
        club.forged(BOB, "reaction", {"target": mine, "emoji": ""}),
        club.forged(BOB, "data-transfer", {**file, "media": "image"}),
        club.forged(BOB, "call-history", {"call": "AAAA", "outcome": "ended", "duration": None}),
    ]
    refused = [*refused, club.forged(CAROL, "poll", {"question": "when?"})]
    return [
        history("content", "own only; unknown targets do nothing", club, *refused),
        history("content-unseen", "a target that came beside", club.meets(aside)),
    ]
