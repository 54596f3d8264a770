"""What conversations show: edits, deletes, reactions, marks, what this version does not know."""

from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.club import CAROL, DAVE, Club
from tests.vectors.cases.group_content import CALL, FILE
from tests.vectors.cases.told import Told, id_of, ids, joined


def lines(id: str, why: str, told: Told) -> Case:
    return good(id, why, "lines", events=told.events)


def cases() -> list[Case]:
    return [*_plain(), *_edits(), *_deletes(), *_reactions(), *_removed(), *_odd()]


def _plain() -> list[Case]:
    club = Club(2, [BOB], [CAROL])
    club.text(CAROL, "hello")
    club.names(BOB, "the club")
    club.votes(BOB, CAROL)
    club.commits(ALICE, ALICE.vault)
    club.writes(CAROL, "data-transfer", FILE)
    club.starts(CAROL, CALL)
    club.writes(CAROL, "call-history", {"call": CALL, "outcome": "ended", "duration": 5, "uri": None})
    club.writes(BOB, "poll", {"question": "when?"})
    club.merges(ALICE)
    left, right = club.fork(), club.fork()
    left.text(ALICE, "left")
    left.text(BOB, "left again")
    right.text(CAROL, "right")
    told = joined()
    told.alice("one")
    told.bob("two")
    return [
        lines("lines-pair", "two people", told),
        lines("lines-kinds", "what has a line and what has none", club),
        lines("lines-branches", "two branches meet: by depth, then id", left.meets(right)),
    ]


def _edits() -> list[Case]:
    club = Club(2, members=[BOB])
    mine = id_of(club.text(ALICE, "helo"))
    club.writes(BOB, "reaction", {"target": mine, "emoji": "\u2764"})
    base = club.fork()
    club.writes(ALICE, "edit", {"target": mine, "text": "hello"})
    again = club.fork()
    again.writes(ALICE, "edit", {"target": mine, "text": "hello!"})
    one, two = base.fork(), base.fork()
    one.writes(ALICE, "edit", {"target": mine, "text": "one"})
    two.commits(ALICE, ALICE.vault)
    two.take(two.draft(ALICE.vault, ALICE.account, "edit", body={"target": mine, "text": "two"}))
    of_edit = club.fork()
    edit = id_of(of_edit.events[-1])
    of_edit.writes(ALICE, "edit", {"target": edit, "text": "an edit is not edited"})
    of_edit.writes(ALICE, "delete", {"target": edit})
    file = club.fork()
    sent = id_of(file.writes(ALICE, "data-transfer", FILE))
    file.writes(ALICE, "edit", {"target": sent, "text": "a file says nothing"})
    return [
        lines("edit", "the text is new, the reaction stays", club),
        lines("edit-again", "the last edit counts", again),
        lines("edit-both", "of two at once the later in display order", one.meets(two)),
        lines("edit-of-edit", "edits can neither be edited nor deleted", of_edit),
        lines("edit-file", "only texts are edited", file),
    ]


def _deletes() -> list[Case]:
    club = Club(2, members=[BOB])
    mine = id_of(club.text(ALICE, "hello"))
    club.writes(BOB, "reaction", {"target": mine, "emoji": "\u2764"})
    club.writes(ALICE, "edit", {"target": mine, "text": "goodbye"})
    deleted = club.fork()
    gone = id_of(deleted.writes(ALICE, "delete", {"target": mine}))
    deleted.writes(BOB, "reaction", {"target": mine, "emoji": "\u2764"})
    deleted.writes(ALICE, "edit", {"target": mine, "text": "back?"})
    deleted.writes(ALICE, "delete", {"target": gone})
    aside = club.fork()
    theirs = id_of(aside.text(BOB, "unseen"))
    club.writes(ALICE, "delete", {"target": theirs})
    club.writes(ALICE, "delete", {"target": ids(1)[0]})
    club.writes(ALICE, "delete", {"target": id_of(club.events[0])})
    everything = Club(2)
    for type, body in (("data-transfer", FILE), ("poll", {"question": "when?"})):
        target = id_of(everything.writes(ALICE, type, body))
        everything.writes(ALICE, "delete", {"target": target})
    return [
        lines("delete", "text and reactions are gone, for good", deleted),
        lines("delete-others", "another's that came beside, nothing, control", club.meets(aside)),
        lines("delete-all-kinds", "files and unknown content too", everything),
    ]


def _reactions() -> list[Case]:
    club = Club(2, members=[BOB, CAROL])
    mine = id_of(club.text(ALICE, "hello"))
    heart = {"target": mine, "emoji": "\u2764"}
    first = id_of(club.writes(BOB, "reaction", heart))
    club.writes(BOB, "reaction", heart)
    club.writes(BOB, "reaction", {"target": mine, "emoji": "\U0001f44d"})
    club.writes(CAROL, "reaction", heart)
    back = club.fork()
    back.writes(BOB, "delete", {"target": first})
    odd = club.fork()
    odd.writes(BOB, "reaction", {"target": first, "emoji": "\u2764"})
    odd.writes(BOB, "reaction", {"target": id_of(odd.events[0]), "emoji": "\u2764"})
    early = Club(2, members=[BOB])
    ahead = early.fork()
    told = id_of(ahead.text(ALICE, "later"))
    early.writes(BOB, "reaction", {"target": told, "emoji": "\u2764"})
    return [
        lines("reactions", "an author's equal ones count once", club),
        lines("reaction-back", "one of two equal ones taken back: the other stands", back),
        lines("reaction-odd", "to a reaction, to a control event", odd),
        lines("reaction-early", "what it names comes later", early.meets(ahead)),
    ]


def _removed() -> list[Case]:
    club = Club(2, [BOB], [CAROL])
    mine = id_of(club.text(CAROL, "mine"))
    theirs = id_of(club.text(ALICE, "hello"))
    club.writes(CAROL, "reaction", {"target": theirs, "emoji": "\u2764"})
    beside = club.fork()
    beside.writes(CAROL, "edit", {"target": mine, "text": "rewritten"})
    beside.writes(CAROL, "reaction", {"target": theirs, "emoji": "\U0001f44e"})
    beside.text(CAROL, "unconfirmed")
    beside.text(BOB, "seen")
    club.votes(BOB, CAROL)
    club.bans(ALICE, CAROL)
    mutual = Club(2, [BOB, CAROL], [DAVE])
    one, two = mutual.fork(), mutual.fork()
    for here, by, whom in ((one, BOB, CAROL), (two, CAROL, BOB)):
        here.votes(ALICE, whom)
        here.bans(by, whom)
        here.text(DAVE, "seen")
    device = Club(2, members=[BOB])
    lost = device.fork()
    lost.text(BOB, "from the lost one")
    lost.text(ALICE, "heard")
    device.revokes(ALICE, BOB, BOB.browser)
    return [
        lines("collapsed", "what a removed author wrote beside changes nothing", beside.meets(club)),
        lines("collapsed-after", "the same, the removal first", club.meets(beside)),
        lines("void", "a ban without effect", one.meets(two)),
        lines("revoked", "a lost device", lost.meets(device)),
    ]


def _odd() -> list[Case]:
    told = joined()
    hello = id_of(told.alice("\u0000 \U0010ffff \u202e e\u0301 \U0001f3e1"))
    told.alice("about that", hello)
    told.alice("about nothing", ids(1)[0])
    return [lines("odd-texts", "texts are shown as they are; a reply names what is there or not", told)]
