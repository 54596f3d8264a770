"""Inviting, joining, leaving, granting, resigning, the profile: by mode."""

from homevault.protocol.keys import SignKey
from homevault.protocol.swarm.acts import UNTITLED
from homevault.protocol.swarm.events import join_proof
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, Club
from tests.vectors.cases.told import Signed, Told, joined

LINK = SignKey.generate(SeededRandom("link"))
OTHER_LINK = SignKey.generate(SeededRandom("other-link"))


def history(id: str, why: str, told: Told, *more: Signed) -> Case:
    return good(id, why, "history", swarm=None, events=[*told.events, *more])


def by_link(club: Told, key: SignKey, swarm: str | None = None, **changes: object) -> Signed:
    proof = join_proof(key, swarm or str(club.replica.swarm), EVE.account, EVE.browser.id)
    body = {"action": "join", "certificate": EVE.browser.wire, "invite": key.public, "proof": proof}
    return club.draft(EVE.browser, EVE.account, "member", body={**body, **changes})


def cases() -> list[Case]:
    return [*_modes(), *_one_to_one(), *_links(), *_invitations(), *_admins(), *_profiles()]


def titled(title: str) -> dict[str, object]:
    return {**UNTITLED, "title": title}


def add(account: str | None = None, invite: str | None = None) -> dict[str, object]:
    return {"action": "add", "account": account, "invite": invite}


def join(wire: object) -> dict[str, object]:
    return {"action": "join", "certificate": wire}


def _modes() -> list[Case]:
    found = []
    for mode in (1, 2):
        club = Club(mode, members=[BOB, CAROL])
        club.text(BOB, "hello all")
        eve = club.forged(EVE, "member", join(EVE.browser.wire))
        by_member = club.forged(BOB, "member", add(DAVE.account))
        why = "a plain member invites, somebody joins without"
        found.append(history(f"mode-{mode}", why, club, by_member, eve))
    public = Club(3)
    public.joins(BOB)
    public.joins(CAROL)
    invited = public.forged(ALICE, "member", add(DAVE.account))
    return [*found, history("mode-3", "everybody may join, nobody is invited", public, invited)]


def _one_to_one() -> list[Case]:
    told = joined()
    eve = {"certificate": EVE.browser.wire}
    alice, bob = ALICE.account, BOB.account
    target = {"account": bob, "device": None}
    ban = {"action": "ban", **target, "quorum": 1, "senior": told.replica.swarm, "votes": []}
    bodies = {
        "add": ("member", add(EVE.account)),
        "grant": ("member", {"action": "grant", "account": bob}),
        "resign": ("member", {"action": "resign"}),
        "ban": ("member", ban),
        "unban": ("member", {**ban, "action": "unban"}),
        "vote": ("vote", {"action": "ban", **target, "last": None}),
        "profile": ("update-profile", titled("us")),
    }
    refused = [told.draft(ALICE.browser, alice, type, body=body) for type, body in bodies.values()]
    third = told.draft(EVE.browser, EVE.account, "member", body=join(eve["certificate"]))
    linked = by_link(told, LINK)
    left = joined()
    left.take(left.draft(BOB.browser, bob, "member", body={"action": "leave"}))
    late = left.draft(BOB.browser, bob)
    left.take(left.draft(BOB.browser, bob, "member", body=join(BOB.browser.wire)))
    left.bob("back again")
    return [
        history("one-to-one", "no third one, no admins, no bans between two", told, *refused, third, linked),
        history("one-to-one-left", "the peer leaves and comes back", left, late),
    ]


def _links() -> list[Case]:
    club = Club(1)
    club.open_link(ALICE, LINK)
    club.joins(EVE, LINK)
    club.joins(BOB, LINK)
    wrong = Club(1)
    wrong.open_link(ALICE, LINK)
    proof = join_proof(LINK, str(wrong.replica.swarm), BOB.account, BOB.browser.id)
    elsewhere = by_link(wrong, LINK, ALICE.account)
    banned = Club(1)
    banned.open_link(ALICE, LINK)
    link = {"account": LINK.public, "device": None}
    deed = {"action": "ban", **link, "quorum": 1, "senior": banned.replica.swarm, "votes": []}
    aside = banned.fork()
    banned.take(banned.forged(ALICE, "member", deed))
    closed = by_link(banned, LINK)
    again = banned.forged(ALICE, "member", add(None, LINK.public))
    aside.joins(EVE, LINK)
    public = Club(3)
    return [
        history("link", "a link lets two in", club),
        history(
            "link-member-opens",
            "mode 1: only admins open links",
            club,
            club.forged(BOB, "member", add(None, OTHER_LINK.public)),
        ),
        history("link-unknown", "a link nobody opened", wrong, by_link(wrong, OTHER_LINK)),
        history("link-other-proof", "a proof for another device", wrong, by_link(wrong, LINK, proof=proof)),
        history("link-other-swarm", "a proof for another swarm", wrong, elsewhere),
        history("link-mode-3", "mode 3 has no links", public, by_link(public, LINK)),
        history(
            "link-twice",
            "an open link is not opened again",
            wrong,
            wrong.forged(ALICE, "member", add(None, LINK.public)),
        ),
        history("link-banned", "a banned link is closed for good", banned, closed, again),
        history("link-banned-meanwhile", "who joined by it meanwhile is out", banned.meets(aside)),
    ]


def _invitations() -> list[Case]:
    club = Club(2, members=[BOB])
    club.invite(BOB, CAROL)
    again = club.forged(ALICE, "member", add(CAROL.account))
    member = club.forged(ALICE, "member", add(BOB.account))
    oneself = club.forged(ALICE, "member", add(ALICE.account))
    invited_talks = club.forged(CAROL, "text", {"text": "hello", "reply_to": None})
    invited_invites = club.forged(CAROL, "member", add(DAVE.account))
    left, right = Club(1, [BOB]), Club(1, [BOB])
    left.invite(ALICE, CAROL)
    left.joins(CAROL)
    right.invite(BOB, CAROL)
    gone = Club(2, members=[BOB])
    gone.leaves(BOB)
    after = gone.forged(BOB, "text", {"text": "still here?", "reply_to": None})
    rejoin = gone.forged(BOB, "member", join(BOB.browser.wire))
    gone.invite(ALICE, BOB)
    gone.joins(BOB)
    full = Club(3)
    return [
        history(
            "invited",
            "not twice, not members, and without rights yet",
            club,
            again,
            member,
            oneself,
            invited_talks,
            invited_invites,
        ),
        history("invited-twice", "by two at once, joined after one", left.meets(right)),
        history("left", "who left has no rights until invited again", gone, after, rejoin),
        history("outsider", "nobody else does anything", full, *_outsider(full)),
    ]


def _outsider(club: Club) -> list[Signed]:
    return [
        club.forged(EVE, "text", {"text": "hello", "reply_to": None}),
        club.forged(EVE, "merge", {}),
        club.forged(EVE, "update-profile", titled("mine")),
        club.forged(EVE, "member", {"action": "leave"}),
        club.forged(EVE, "member", {"action": "grant", "account": EVE.account}),
        club.forged(EVE, "vote", {"action": "ban", "account": ALICE.account, "device": None, "last": None}),
        club.forged(EVE, "device", {"certificate": EVE.browser.wire}),
    ]


def _admins() -> list[Case]:
    club = Club(1, [BOB], [CAROL])
    refused = [
        club.forged(CAROL, "member", {"action": "grant", "account": CAROL.account}),
        club.forged(ALICE, "member", {"action": "grant", "account": BOB.account}),
        club.forged(ALICE, "member", {"action": "grant", "account": DAVE.account}),
        club.forged(CAROL, "member", {"action": "resign"}),
    ]
    resigned = Club(1, [BOB])
    resigned.resigns(ALICE)
    only = resigned.forged(BOB, "member", {"action": "resign"})
    plain = resigned.forged(ALICE, "member", add(DAVE.account))
    alone = Club(1)
    alone.leaves(ALICE)
    last = Club(1, members=[BOB, CAROL])
    stuck = last.forged(ALICE, "member", {"action": "leave"})
    last.grant(ALICE, CAROL)
    last.leaves(ALICE)
    last.invite(CAROL, DAVE)
    base = Club(1, [CAROL], [BOB])
    left, right = base.fork(), base.fork()
    left.leaves(ALICE)
    right.leaves(CAROL)
    fallen = left.meets(right)
    fallen.grant(BOB, BOB)
    fallen.invite(BOB, DAVE)
    both = Club(1, [BOB, CAROL])
    one, two = both.fork(), both.fork()
    one.resigns(BOB)
    two.resigns(CAROL)
    regrant = Club(1, members=[BOB])
    here, there = regrant.fork(), regrant.fork()
    here.grant(ALICE, BOB)
    there.text(BOB, "meanwhile")
    return [
        history("grants", "only by admins, to members without", club, *refused),
        history("resigned", "the creator resigns; the only admin cannot", resigned, only, plain),
        history("alone-leaves", "the last member may leave", alone),
        history("last-admin", "the last admin grants before leaving", last, stuck),
        history("fallback", "both admins left at once: the earliest join", fallen),
        history("both-resign", "two of three resign at once", one.meets(two)),
        history("granted-meanwhile", "a grant beside a text", here.meets(there)),
    ]


def _profiles() -> list[Case]:
    club = Club(2, [BOB], [CAROL])
    club.names(ALICE, "first")
    member = club.forged(CAROL, "update-profile", titled("mine"))
    left, right = club.fork(), club.fork()
    left.names(ALICE, "left")
    right.names(BOB, "right")
    right.names(BOB, "right again")
    both = left.fork().meets(right)
    later = both.fork()
    later.names(BOB, "together")
    base = Club(2, [BOB, CAROL])
    one, two = base.fork(), base.fork()
    one.names(BOB, "taken over")
    two.votes(ALICE, BOB)
    two.bans(CAROL, BOB)
    ages = Club(2)
    ages.names(ALICE, "dated")
    ages.take(
        ages.forged(
            ALICE,
            "update-profile",
            titled("undated"),
            now=NOW - 99,
        )
    )
    return [
        history("profile", "an admin names the group, a member cannot", club, member),
        history("profile-both", "two at once: the higher id", both),
        history("profile-later", "what knows both wins", later),
        history("profile-banned", "a banned admin's meanwhile is void", one.meets(two)),
        history("profile-time", "the time decides nothing", ages),
    ]
