"""Votes, bans, unbans; what branches amount to; late events."""

from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, ERIN, Club
from tests.vectors.cases.group_members import add, history, join
from tests.vectors.cases.told import Signed, id_of, ids


def cases() -> list[Case]:
    return [*_quorums(), *_wrong_votes(), *_forbidden(), *_back(), *_meanwhile(), *_mutual(), *_late()]


def says(club: Club) -> Signed:
    return club.forged(BOB, "text", {"text": "still here", "reply_to": None})


def _quorums() -> list[Case]:
    one = Club(1, members=[BOB])
    one.bans(ALICE, BOB)
    three = Club(1, [CAROL, DAVE], [BOB])
    early = three.deed(ALICE, "ban", BOB)
    three.votes(CAROL, BOB)
    three.bans(ALICE, BOB)
    four = Club(1, [CAROL, DAVE, ERIN], [BOB])
    four.votes(CAROL, BOB)
    half = four.deed(ALICE, "ban", BOB)
    four.votes(DAVE, BOB)
    four.bans(ALICE, BOB)
    two = Club(1, [CAROL], [BOB])
    admin = Club(1, [BOB, CAROL])
    admin.votes(ALICE, BOB)
    admin.bans(CAROL, BOB)
    invited = Club(1)
    invited.invite(ALICE, BOB)
    invited.bans(ALICE, BOB)
    return [
        history("quorum-1-of-1", "the only admin bans; the banned is heard no more", one, says(one)),
        history("quorum-1-of-2", "one of two is not more than half", two, two.deed(ALICE, "ban", BOB)),
        history("quorum-1-of-3", "one of three is not enough, two are", three, early, says(three)),
        history("quorum-2-of-4", "two of four are not enough, three are", four, half, says(four)),
        history("quorum-admin", "an admin: of the other two, two", admin, says(admin)),
        history(
            "invited-banned",
            "an invited one cannot join",
            invited,
            invited.forged(BOB, "member", join(BOB.browser.wire)),
        ),
    ]


def _wrong_votes() -> list[Case]:
    club = Club(1, [CAROL, DAVE], [BOB, EVE])
    aside = club.fork()
    vote = id_of(club.votes(CAROL, BOB))
    other = id_of(club.votes(CAROL, EVE))
    against = {"action": "ban", "account": BOB.account, "device": None}
    unseen = id_of(aside.votes(DAVE, BOB))
    text = id_of(club.text(CAROL, "out with him"))
    own = id_of(club.votes(ALICE, BOB))
    second = id_of(club.votes(CAROL, BOB))
    refused = [
        club.deed(ALICE, "ban", BOB, votes=[]),
        club.deed(ALICE, "ban", BOB, votes=[other]),
        club.deed(ALICE, "ban", BOB, votes=[unseen]),
        club.deed(ALICE, "ban", BOB, votes=[text]),
        club.deed(ALICE, "ban", BOB, votes=ids(2)),
        club.deed(ALICE, "ban", BOB, votes=sorted([own, vote])),
        club.deed(ALICE, "ban", BOB, votes=sorted([vote, second])),
        club.deed(ALICE, "ban", BOB, quorum=1),
        club.deed(ALICE, "ban", BOB, quorum=3),
        club.deed(DAVE, "ban", BOB, senior=vote),
        club.deed(ALICE, "ban", BOB, senior=vote),
        club.deed(ALICE, "ban", BOB, BOB.browser, votes=[vote]),
        club.forged(ALICE, "vote", {**against, "last": vote}),
        club.forged(ALICE, "vote", {**against, "device": BOB.browser.id, "last": vote}),
    ]
    stale = Club(1, [CAROL, DAVE], [BOB])
    stale.votes(CAROL, BOB)
    vote_of_dave = id_of(stale.votes(DAVE, BOB))
    stale.bans(ALICE, BOB)
    stale.votes(CAROL, BOB, "unban")
    stale.unbans(ALICE, BOB)
    reused = stale.deed(ALICE, "ban", BOB, votes=[vote_of_dave])
    citing_old = stale.forged(CAROL, "vote", {**against, "last": None})
    gone = Club(1, [CAROL, DAVE], [BOB])
    kept = id_of(gone.votes(DAVE, BOB))
    gone.resigns(DAVE)
    resigned = gone.deed(ALICE, "ban", BOB, votes=[kept])
    return [
        history("votes-wrong", "cited votes that do not fit", club, *refused),
        history("votes-reused", "votes count towards one ban only", stale, reused, citing_old),
        history("votes-resigned", "who resigned counts no more", gone, resigned),
    ]


def _forbidden() -> list[Case]:
    club = Club(2, [BOB], [CAROL, EVE])
    plain = [
        club.deed(CAROL, "ban", EVE),
        club.deed(CAROL, "ban", BOB),
        club.forged(CAROL, "vote", {"action": "ban", "account": EVE.account, "device": None, "last": None}),
        club.deed(CAROL, "unban", EVE),
    ]
    wrong = [
        club.deed(BOB, "ban", ALICE),
        club.deed(BOB, "ban", ALICE, ALICE.browser),
        club.forged(BOB, "vote", {"action": "ban", "account": ALICE.account, "device": None, "last": None}),
        club.deed(BOB, "ban", BOB),
        club.deed(ALICE, "ban", DAVE),
        club.deed(ALICE, "unban", CAROL),
        club.forged(
            ALICE, "vote", {"action": "unban", "account": CAROL.account, "device": None, "last": None}
        ),
        club.forged(
            ALICE, "vote", {"action": "crown", "account": CAROL.account, "device": None, "last": None}
        ),
    ]
    left = Club(1, members=[BOB])
    left.leaves(BOB)
    return [
        history("ban-plain", "a plain member neither votes nor bans", club, *plain),
        history("ban-wrong", "not the creator, oneself, strangers, nor who is not banned", club, *wrong),
        history("ban-left", "who left cannot be banned", left, left.deed(ALICE, "ban", BOB)),
    ]


def _back() -> list[Case]:
    club = Club(1, [BOB], [CAROL])
    club.bans(ALICE, BOB)
    again = club.deed(ALICE, "ban", BOB)
    invite = club.forged(ALICE, "member", add(BOB.account))
    rejoin = club.forged(BOB, "member", join(BOB.browser.wire))
    refused = [again, invite, rejoin]
    club.unbans(ALICE, BOB)
    club.text(BOB, "back, no longer admin")
    refused.append(club.forged(BOB, "member", add(DAVE.account)))
    club.bans(ALICE, BOB)
    club.unbans(ALICE, BOB)
    invited = Club(1)
    invited.invite(ALICE, BOB)
    invited.bans(ALICE, BOB)
    invited.unbans(ALICE, BOB)
    unasked = invited.forged(BOB, "member", join(BOB.browser.wire))
    invited.invite(ALICE, BOB)
    invited.joins(BOB)
    base = Club(1, [CAROL], [BOB])
    left, right = base.fork(), base.fork()
    for branch in (left, right):
        branch.votes(CAROL if branch is left else ALICE, BOB)
    left.bans(ALICE, BOB)
    right.bans(CAROL, BOB)
    left.votes(CAROL, BOB, "unban")
    left.unbans(ALICE, BOB)
    public = Club(3, members=[BOB])
    public.bans(ALICE, BOB)
    return [
        history("unbanned", "a member again, never an admin again by that", club, *refused),
        history("unbanned-invited", "an invited one is invited anew", invited, unasked),
        history("unban-one-of-two", "an unban lifts only the bans it knows", left.meets(right)),
        history(
            "banned-mode-3",
            "a ban binds in a public group, too",
            public,
            public.forged(BOB, "member", join(BOB.browser.wire)),
        ),
    ]


def _meanwhile() -> list[Case]:
    base = Club(2, [BOB], [CAROL])
    out, meanwhile = base.fork(), base.fork()
    out.bans(ALICE, BOB)
    meanwhile.invite(BOB, DAVE)
    meanwhile.joins(DAVE)
    meanwhile.grant(BOB, CAROL)
    meanwhile.text(BOB, "unheard")
    meanwhile.leaves(BOB)
    void = meanwhile.fork().meets(out)
    void.merges(ALICE)
    unbanned = void.fork()
    unbanned.unbans(ALICE, BOB)
    raised = Club(1, [CAROL], [BOB])
    ban, granted = raised.fork(), raised.fork()
    ban.votes(CAROL, BOB)
    ban.bans(ALICE, BOB)
    granted.grant(CAROL, BOB)
    granted.names(BOB, "mine")
    joins = Club(1)
    joins.invite(ALICE, BOB)
    kept, came = joins.fork(), joins.fork()
    kept.bans(ALICE, BOB)
    came.joins(BOB)
    came.text(BOB, "here I am")
    came.meets(kept)
    came.merges(ALICE)
    came.unbans(ALICE, BOB)
    return [
        history("ban-meanwhile", "what the banned did meanwhile is void, but leaving", void),
        history("ban-left-meanwhile", "who left meanwhile is no member when unbanned", unbanned),
        history("ban-granted-meanwhile", "made an admin while banned", granted.meets(ban)),
        history("ban-joined-meanwhile", "joined while banned; the unban does not bring it back", came),
    ]


def _mutual() -> list[Case]:
    base = Club(1, [BOB, CAROL], [DAVE, EVE])
    votes = base.fork()
    votes.votes(ALICE, BOB)
    votes.votes(ALICE, CAROL)
    senior, junior = votes.fork(), votes.fork()
    senior.bans(BOB, CAROL)
    junior.bans(CAROL, BOB)
    unheard = senior.fork().meets(junior)
    for branch, by in ((senior, DAVE), (junior, EVE)):
        branch.text(by, "what is this?")
    shared = senior.fork().meets(junior)
    shared.merges(ALICE)
    shared_other = junior.fork().meets(senior)
    shared_other.merges(ALICE)
    pair = Club(1, [BOB], [CAROL, DAVE, EVE])
    pair.resigns(ALICE)
    pair.grant(BOB, CAROL)
    older, younger = pair.fork(), pair.fork()
    older.bans(BOB, CAROL)
    younger.bans(CAROL, BOB)
    for branch, by in ((older, DAVE), (younger, EVE)):
        branch.text(by, "what is this?")
    ranks = older.fork().meets(younger)
    ranks.merges(DAVE)
    ranks_other = younger.fork().meets(older)
    ranks_other.merges(DAVE)
    chain = Club(1, [BOB, CAROL, ERIN], [DAVE, EVE])
    for whom in (CAROL, ERIN, DAVE):
        chain.votes(ALICE, whom)
    chain.votes(CAROL, DAVE)
    one, two, three = chain.fork(), chain.fork(), chain.fork()
    one.bans(BOB, CAROL)
    two.votes(CAROL, DAVE)
    two.bans(CAROL, ERIN)
    three.bans(ERIN, DAVE)
    for branch, by in ((one, DAVE), (two, EVE), (three, ALICE)):
        branch.text(by, "what is this?")
    chained = one.fork().meets(two, three)
    chained.merges(ALICE)
    unchained = three.fork().meets(two)
    circle = Club(1, [BOB, CAROL, ERIN], [DAVE, EVE])
    for whom in (BOB, CAROL, ERIN):
        circle.votes(ALICE, whom)
    ways = [circle.fork() for _ in range(3)]
    ways[0].bans(BOB, CAROL)
    ways[1].bans(CAROL, ERIN)
    ways[2].bans(ERIN, BOB)
    for way, by in zip(ways, (DAVE, EVE, ALICE), strict=True):
        way.text(by, "what is this?")
    circled = ways[0].fork().meets(ways[1], ways[2])
    circled.merges(ALICE)
    voided = Club(1, [BOB, CAROL, ERIN], [DAVE])
    cast, cut = voided.fork(), voided.fork()
    cast.votes(CAROL, DAVE)
    cast.votes(BOB, DAVE)
    cast.bans(ERIN, DAVE)
    cut.votes(ERIN, CAROL)
    cut.bans(ALICE, CAROL)
    return [
        history("mutual-unheard", "nobody stands on the other ban", unheard),
        history("mutual-shared", "both with the same senior voter: the lower ban", shared),
        history("mutual-shared-other", "taken in the other order", shared_other),
        history("mutual-ranks", "two admins ban each other: the senior one's counts", ranks),
        history("mutual-ranks-other", "taken in the other order", ranks_other),
        history("chain", "the middle of a chain of bans falls", chained),
        history("chain-rest", "without its first", unchained),
        history("circle", "three ban each other in a circle", circled),
        history("vote-void", "a ban falls with a vote of somebody banned meanwhile", cast.meets(cut)),
    ]


def _late() -> list[Case]:
    base = Club(1, [BOB], [CAROL])
    out, meanwhile = base.fork(), base.fork()
    out.bans(ALICE, BOB)
    said = [meanwhile.text(BOB, "one"), meanwhile.text(BOB, "two")]
    answer = meanwhile.text(CAROL, "I heard that")
    unheard = meanwhile.fork().text(BOB, "three")
    held = meanwhile.fork()
    held.take(unheard)
    held.meets(out)
    merge = held.merges(CAROL)
    more = out.fork()
    return [
        history("late", "a removed author's events come too late", out, *said),
        history("late-confirmed", "a member stands on them", out, *said, answer, *said),
        history("late-first", "the member's event comes first", out, answer, *said[::-1], *said),
        history("late-anchored", "held by somebody who anchors them by a merge", held),
        history(
            "late-anchored-other",
            "and taken for that",
            more,
            merge,
            answer,
            unheard,
            *said[::-1],
            *said,
            unheard,
        ),
        history(
            "late-waiting", "a waiting one whose turn comes too late", base, said[1], out.events[-1], said[0]
        ),
    ]
