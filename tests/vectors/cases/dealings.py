"""Dealings with people: requests, declining, contacts, blocking, ending, announcing."""

from typing import Any

from tests.protocol.people import NOW
from tests.vectors.cases import endings
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.told import ids

ONE, TWO, THREE, INVITE, OTHER = ids(5)
HOUR = 3_600_000
LOOK = {"op": "look"}
Step = dict[str, Any]


def dealings() -> list[Case]:
    return [*_requests(), *_declining(), *_withdrawing(), *_asking(), *_contacts(), *endings.cases()]


def case(id: str, why: str, *steps: Step) -> Case:
    return good(f"requests-{id}", why, "requests", account=ALICE.account, steps=[*steps, LOOK])


def comes(id: str, sender: str = BOB.account, received: int = NOW, **said: Any) -> Step:
    return {"op": "receive", "request": {"id": id, "sender": sender, "received": received, **said}}


def does(op: str, swarm: str, **given: Any) -> Step:
    return {"op": op, "swarm": swarm, **given}


def declined(swarm: str, invite: str | None = None) -> Step:
    return does("heard-declined", swarm, invite=invite)


def put(account: str, standing: str) -> Step:
    return {"op": "put", "account": account, "standing": standing, "device": ALICE.browser.id}


def merge(account: str, standing: str, number: int, device: str = ALICE.vault.id) -> Step:
    entry = {"account": account, "standing": standing, "number": number, "device": device}
    return {"op": "merge", "entries": [entry]}


def returned(now: int) -> Step:
    return {"op": "returned", "account": BOB.account, "now": now}


def _requests() -> list[Case]:
    said = {"title": "Tea?", "description": "On Sunday", "avatar": "AAAA"}
    return [
        case("accept", "shown, then taken up", comes(ONE, **said), does("accept", ONE), comes(ONE)),
        case("bare", "nothing said", comes(ONE), does("accept", ONE), does("accept", ONE)),
        case("twice", "it comes again", comes(ONE), comes(ONE, received=NOW + 5)),
        case("order", "oldest first", comes(TWO, received=NOW + 5), comes(ONE, EVE.account)),
        case("own", "from oneself", comes(ONE, ALICE.account)),
        case("elsewhere", "another own device took it up", comes(ONE), does("opened", ONE), comes(ONE)),
        case("none", "nothing to answer", does("accept", ONE), does("decline", ONE)),
        case("group", "into a group", comes(ONE, invite=INVITE, title="Club"), does("accept", ONE)),
    ]


def _declining() -> list[Case]:
    again = [comes(ONE, invite=OTHER), does("decline", ONE), comes(ONE, invite=OTHER)]
    return [
        case("decline", "turned down: gone for good", comes(ONE), does("decline", ONE), comes(ONE)),
        case(
            "decline-synced",
            "on another device, told twice",
            comes(ONE),
            declined(ONE),
            declined(ONE),
            comes(ONE),
        ),
        case("decline-first", "told before it came", declined(ONE), comes(ONE)),
        case("decline-late", "we are in already", comes(ONE), does("accept", ONE), declined(ONE), comes(ONE)),
        case(
            "decline-group",
            "a new invitation is a new request",
            comes(ONE, invite=INVITE),
            does("decline", ONE),
            *again,
        ),
        case(
            "decline-old",
            "another invitation was turned down",
            comes(ONE, invite=OTHER),
            declined(ONE, INVITE),
        ),
        case(
            "closed",
            "removed: does not come back",
            comes(ONE),
            does("accept", ONE),
            does("closed", ONE),
            comes(ONE),
        ),
        case(
            "closed-group",
            "but by a new invitation",
            comes(ONE, invite=INVITE),
            does("accept", ONE),
            does("closed", ONE),
            comes(ONE, invite=INVITE),
            comes(ONE, invite=OTHER),
        ),
        case("closed-waiting", "removed while it waits", comes(ONE), does("closed", ONE), comes(ONE)),
    ]


def withdrawn(swarm: str, invite: str | None = None, sender: str = BOB.account) -> Step:
    return does("withdrawn", swarm, invite=invite, sender=sender)


def _withdrawing() -> list[Case]:
    group = comes(ONE, invite=INVITE)
    ask = does("asked", ONE, whom=BOB.account, now=NOW)
    flood = [withdrawn(id) for id in ids(201)]
    first, second, last = (comes(flood[at]["swarm"], received=NOW + at) for at in (0, 1, 200))
    return [
        case(
            "withdrawn",
            "taken back: gone, also when it comes again",
            comes(ONE),
            withdrawn(ONE),
            LOOK,
            comes(ONE),
        ),
        case("withdrawn-first", "taken back before it came", withdrawn(ONE), comes(ONE)),
        case(
            "withdrawn-other", "somebody else takes nothing back", group, withdrawn(ONE, INVITE, EVE.account)
        ),
        case("withdrawn-other-first", "nor beforehand", withdrawn(ONE, INVITE, EVE.account), group),
        case("withdrawn-invite", "another invitation", group, withdrawn(ONE, OTHER)),
        case(
            "withdrawn-again", "invited anew", group, withdrawn(ONE, INVITE), comes(ONE, invite=OTHER), LOOK
        ),
        case(
            "withdrawn-late", "it was taken up", comes(ONE), does("accept", ONE), withdrawn(ONE), comes(ONE)
        ),
        case(
            "withdrawn-wanted",
            "asked for after all",
            withdrawn(ONE),
            does("wanted", ONE, whom=BOB.account),
            comes(ONE),
        ),
        case(
            "withdrawn-most",
            "200 are remembered: the newest, or told again last",
            *flood[:200],
            flood[0],
            flood[200],
            first,
            second,
            last,
        ),
        case("withdraw", "our own request: they are told", ask, does("closed", ONE), does("closed", ONE)),
        case("withdraw-answered", "they came: nobody is told", ask, does("opened", ONE), does("closed", ONE)),
    ]


def _asking() -> list[Case]:
    ask = does("asked", ONE, whom=BOB.account, now=NOW)
    gone = (comes(ONE), does("accept", ONE), does("closed", ONE))
    wants = does("wanted", ONE, whom=BOB.account)
    return [
        case(
            "both", "two ask each other: both are kept", ask, comes(TWO), comes(TWO), comes(ONE, EVE.account)
        ),
        case(
            "both-late", "they answered before their own request came", ask, does("opened", ONE), comes(TWO)
        ),
        case("third", "a third conversation is a question", ask, comes(TWO), comes(THREE)),
        case("both-group", "a group is asked for all the same", ask, comes(TWO, invite=INVITE)),
        case(
            "again",
            "at most once an hour",
            ask,
            returned(NOW + HOUR - 1),
            returned(NOW + HOUR),
            returned(NOW + HOUR + 1),
        ),
        case("wanted", "let in again where we asked", *gone, wants, comes(ONE), comes(ONE)),
        case("wanted-other", "somebody else's is no answer", *gone, wants, comes(ONE, EVE.account)),
        case(
            "wanted-declined",
            "what we turned down, asked for",
            comes(ONE),
            does("decline", ONE),
            wants,
            comes(ONE),
        ),
        case(
            "wanted-removed",
            "and removed once more",
            *gone,
            wants,
            comes(ONE),
            does("closed", ONE),
            comes(ONE),
        ),
        case(
            "wanted-blocked",
            "not of a blocked account",
            *gone,
            wants,
            put(BOB.account, "blocked"),
            put(BOB.account, "added"),
            comes(ONE),
        ),
        case("answered", "not again once they came", ask, does("opened", ONE), returned(NOW + HOUR)),
        case(
            "another",
            "somebody else is back",
            does("asked", ONE, whom=EVE.account, now=NOW),
            returned(NOW + HOUR),
        ),
    ]


def _contacts() -> list[Case]:
    ask = does("asked", THREE, whom=BOB.account, now=NOW)
    return [
        case(
            "block",
            "forgets what waits, both ways",
            ask,
            comes(ONE),
            comes(TWO, EVE.account),
            put(BOB.account, "blocked"),
            comes(ONE),
            returned(NOW + HOUR),
        ),
        case("block-synced", "on another device", comes(ONE), merge(BOB.account, "blocked", 1), comes(TWO)),
        case(
            "unblock",
            "requests come again",
            put(BOB.account, "blocked"),
            put(BOB.account, "added"),
            comes(ONE),
        ),
        case(
            "contact-old",
            "an older word",
            put(BOB.account, "added"),
            put(BOB.account, "removed"),
            merge(BOB.account, "blocked", 1),
        ),
        case(
            "contact-equal",
            "the same number: the higher device",
            put(BOB.account, "added"),
            merge(BOB.account, "removed", 1, "z" * 42 + "A"),
            merge(BOB.account, "blocked", 1, "-" * 42 + "A"),
        ),
        case("contact-self", "oneself", put(ALICE.account, "removed")),
    ]
