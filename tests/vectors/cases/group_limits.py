"""As many members, invited accounts and invite keys as a group may have, and one more."""

from collections.abc import Callable

from tests.protocol.people import Person
from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE
from tests.vectors.cases.club import Club
from tests.vectors.cases.group_members import add, history, join
from tests.vectors.cases.told import Signed, ids

MOST = 256


def cases() -> list[Case]:
    return [
        _crowd(),
        _opened("invited", "accounts", lambda id: add(account=id)),
        _opened("links", "invite keys", lambda id: add(invite=id)),
    ]


def _crowd() -> Case:
    club = Club(3)
    people = [Person(f"crowd{number}") for number in range(MOST)]
    for person in people[: MOST - 1]:
        club.joins(person)
    late = people[-1]
    over = club.forged(late, "member", join(late.browser.wire))
    return history("limit-members", "256 members, and one more", club, over)


def _opened(id: str, what: str, body: Callable[[str], dict[str, object]]) -> Case:
    club = Club(2)
    names = ids(MOST + 1)

    def adds(name: str) -> Signed:
        return club.forged(ALICE, "member", body(name))

    for name in names[:MOST]:
        club.take(adds(name))
    return history(f"limit-{id}", f"256 {what}, and one more", club, adds(names[MOST]))
