"""How conversations end on the devices of one account, and what an announcement leads to."""

from itertools import product
from typing import Any

from tests.protocol.people import Person
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, ERIN, Club
from tests.vectors.cases.told import Told, ids, joined

(LEAVE,) = ids(1)
OWN = ALICE.browser.id
REMOVE, ALONE = {"op": "remove", "others": True}, {"op": "remove", "others": False}
LEFT = {"op": "left", "event": LEAVE}
REMOVED, ERASED, SYNCED, REFUSED, FOUND = (
    {"op": op} for op in ("told-removed", "told-erased", "synced", "refused", "found")
)


def cases() -> list[Case]:
    return [*_life(), *_announce(), *_wanted(), *_fetch(), *_taken_back()]


def held(by: str = BOB.browser.id, covered: bool = True) -> dict[str, Any]:
    return {"op": "held-by", "device": by, "own": OWN, "covered": covered}


def life(id: str, why: str, *steps: dict[str, Any], stage: str = "open") -> Case:
    return good(f"life-{id}", why, "life", stage=stage, steps=list(steps))


def _life() -> list[Case]:
    return [
        life("alone", "nobody else is in it: erased at once", ALONE, ALONE, FOUND),
        life("leave", "left, and erased once another device has it", REMOVE, LEFT, held(), held(), FOUND),
        life("own-device", "another own device has it", REMOVE, LEFT, held(ALICE.vault.id)),
        life("self", "this device itself counts for nothing", REMOVE, LEFT, held(OWN)),
        life("uncovered", "they hold something else", REMOVE, LEFT, held(covered=False)),
        life("unwritten", "an ack before the leave was written", REMOVE, held(), LEFT),
        life("twice", "removed twice", REMOVE, REMOVE, LEFT, REMOVE),
        life("refused", "the only admin cannot leave", REMOVE, REFUSED, REMOVE),
        life("refused-late", "what was written stays", REMOVE, LEFT, REFUSED),
        life("syncing", "removed while its history comes", REMOVE, SYNCED, FOUND, stage="syncing"),
        life("synced", "its history is here", SYNCED, SYNCED, stage="syncing"),
        life("told", "another own device removes and erases it", REMOVED, REMOVED, held(), ERASED, ERASED),
        life("told-syncing", "while its history comes", REMOVED, SYNCED, stage="syncing"),
        life("told-both", "two own devices remove it at once", REMOVE, LEFT, REMOVED, ERASED, held()),
        life("told-erased", "erased before it was told removed", ERASED, REMOVED, REMOVE),
        life("found", "what is not erased is left alone", FOUND, REMOVED, FOUND),
    ]


def _announce() -> list[Case]:
    names = ("own", "removed", "here", "member", "held", "reachable")
    found = []
    for values in product((False, True), repeat=len(names)):
        known = dict(zip(names, values, strict=True))
        if known["here"] or not (known["member"] or known["held"]):
            id = "-".join(name for name, value in known.items() if value) or "nothing"
            found.append(good(f"announce-{id}", "what is known decides", "announce", facts=known))
    return found


def _wanted() -> list[Case]:
    club = Club(1, members=[BOB, CAROL])
    club.invite(ALICE, DAVE)
    club.bans(ALICE, CAROL)
    public = Club(3, members=[CAROL])
    public.bans(ALICE, CAROL)
    people = [person.account for person in (ALICE, BOB, CAROL, DAVE, EVE)]

    def case(id: str, why: str, told: Told) -> Case:
        return good(f"wanted-{id}", why, "wanted", events=told.events, accounts=people)

    return [
        case("closed", "members and invited people, nobody banned", club),
        case("public", "everybody but who is banned", public),
        case("pair", "the two", joined()),
        case("pair-asked", "before the other joined", Told()),
    ]


def _fetch() -> list[Case]:
    """Of a group in which Bob is a member, Carol banned, Dave invited, Erin has left, Eve a stranger."""
    club = Club(2, members=[BOB, CAROL, ERIN])
    club.invite(ALICE, DAVE)
    club.leaves(ERIN)
    club.bans(ALICE, CAROL)
    public = Club(3, members=[CAROL])
    public.bans(ALICE, CAROL)
    device = Club(1, members=[BOB])
    device.bans(ALICE, BOB, BOB.browser)
    back = Club(1, members=[BOB])
    back.bans(ALICE, BOB)
    back.unbans(ALICE, BOB)
    gone = Club(1, admins=[BOB])
    gone.leaves(ALICE)
    people = [person.account for person in (ALICE, BOB, CAROL, DAVE, ERIN, EVE)]

    def case(id: str, why: str, told: Told, own: Person = ALICE) -> Case:
        return good(f"fetch-{id}", why, "fetch", events=told.events, own=own.account, accounts=people)

    return [
        case("closed", "members and the invited, not who left or was banned", club),
        case("own", "own devices, even of an account that was banned", club, CAROL),
        case("left", "own devices of an account that left", club, ERIN),
        case("public", "everybody but who is banned", public),
        case("device", "a banned device: its account stays a member", device),
        case("back", "membership is restored", back),
        case("creator", "the creator, who left", gone, BOB),
        case("pair", "the two of a conversation", joined()),
        case("pair-asked", "before the other joined", Told()),
    ]


def _taken_back() -> list[Case]:
    club = Club(2, admins=[BOB], members=[CAROL])
    club.invite(ALICE, DAVE)
    club.invite(CAROL, ERIN)

    def case(id: str, why: str, *acts: tuple[Any, ...]) -> Case:
        after = club.fork()
        for act, *given in acts:
            getattr(after, act)(*given)
        then = after.events[len(club.events) :]
        return good(f"taken-back-{id}", why, "taken-back", events=club.events, then=then)

    banned = (("votes", BOB, DAVE), ("bans", ALICE, DAVE))
    unbanned = (("votes", BOB, DAVE, "unban"), ("unbans", ALICE, DAVE))
    return [
        case("none", "nothing happened"),
        case("vote", "a vote alone takes nothing back", ("votes", BOB, DAVE)),
        case("ban", "who was invited is banned", *banned),
        case(
            "member", "a member is banned, who was not invited", ("votes", BOB, CAROL), ("bans", ALICE, CAROL)
        ),
        case("unban", "an unban does not invite again", *banned, *unbanned),
        case("again", "invited again by then", *banned, *unbanned, ("invite", ALICE, DAVE)),
        _joined(club),
    ]


def _joined(club: Club) -> Case:
    after = club.fork()
    after.joins(DAVE)
    then = after.events[len(club.events) :]
    return good("taken-back-joined", "who joined is a member", "taken-back", events=club.events, then=then)
