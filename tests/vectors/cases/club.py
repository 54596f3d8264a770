"""Groups as they are told: one replica that everybody writes into, branches by `fork`."""

from collections.abc import Callable, Iterable
from typing import Any

from homevault.protocol.keys import SignKey
from homevault.protocol.revocations import make_revocation
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.votes import Poll
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.vectors.cases.cast import ALICE
from tests.vectors.cases.told import Signed, Told, id_of

CAROL, DAVE, ERIN = Person("carol"), Person("dave"), Person("erin")


class Club(Told):
    """A group that Alice began; `admins` join and are granted in turn, then `members` join."""

    def __init__(self, mode: int = 1, admins: Iterable[Person] = (), members: Iterable[Person] = ()) -> None:
        self.replica = Replica(MemoryEventStore())
        self.events: list[Signed] = []
        key, certificate = ALICE.browser.key, ALICE.browser.wire
        random = SeededRandom(f"group/{mode}")
        self._take(acts.begin_group(self.replica, key, certificate, mode, NOW, random))
        for person in admins:
            self.welcome(person)
            self.grant(ALICE, person)
        for person in members:
            self.welcome(person)

    def welcome(self, person: Person) -> Signed:
        if self.replica.state.mode < 3:
            self.invite(ALICE, person)
        return self.joins(person)

    def act(self, person: Person, write: Callable[..., Any], *given: Any) -> Signed:
        return self._take(write(self.replica, person.browser.key, person.account, *given, NOW + 1))

    def invite(self, by: Person, whom: Person) -> Signed:
        return self.act(by, acts.invite, whom.account)

    def open_link(self, by: Person, key: SignKey) -> Signed:
        return self.act(by, acts.open_link, key.public)

    def joins(self, person: Person, link: SignKey | None = None) -> Signed:
        key, certificate = person.browser.key, person.browser.wire
        if link is None:
            return self._take(author.join(self.replica, key, certificate, NOW + 1))
        return self._take(acts.join_by_link(self.replica, key, certificate, link, NOW + 1))

    def leaves(self, person: Person) -> Signed:
        return self.act(person, author.leave)

    def grant(self, by: Person, whom: Person) -> Signed:
        return self.act(by, acts.grant, whom.account)

    def resigns(self, person: Person) -> Signed:
        return self.act(person, acts.resign)

    def votes(self, by: Person, whom: Person, action: str = "ban", device: Device | None = None) -> Signed:
        return self.act(by, acts.vote, action, _target(whom, device))

    def decides(self, by: Person, action: str, whom: Person, device: Device | None = None) -> Signed:
        return self.act(by, acts.decide, action, _target(whom, device))

    def bans(self, by: Person, whom: Person, device: Device | None = None) -> Signed:
        return self.decides(by, "ban", whom, device)

    def unbans(self, by: Person, whom: Person, device: Device | None = None) -> Signed:
        return self.decides(by, "unban", whom, device)

    def commits(self, by: Person, device: Device) -> Signed:
        return self.introduce(by.browser, by.account, device.wire)

    def revokes(self, by: Person, whom: Person, device: Device) -> Signed:
        return self.act(by, author.revoke, make_revocation(whom.key, whom.account, device.id, NOW))

    def names(self, by: Person, title: str) -> Signed:
        return self.act(by, acts.edit_profile, {"title": title})

    def text(self, by: Person, text: str) -> Signed:
        return self.says(by.browser, by.account, text)

    def writes(self, by: Person, type: str, body: Any) -> Signed:
        return self._take(author.write(self.replica, by.browser.key, by.account, type, body, NOW + 1))

    def uri(self, by: Person, call: str) -> str:
        return f"{by.account}/{by.browser.id}/{self.replica.swarm}/{call}"

    def starts(self, by: Person, call: str) -> Signed:
        body = {"call": call, "outcome": "started", "duration": None, "uri": self.uri(by, call)}
        return self.writes(by, "call-history", body)

    def merges(self, by: Person) -> Signed:
        return self.writes(by, "merge", {})

    def forged(self, by: Person, type: str, body: Any, **changes: Any) -> Signed:
        """What a person's device could sign, whether legal or not; not taken."""
        return self.draft(by.browser, by.account, type, body=body, **changes)

    def deed(
        self, by: Person, action: str, whom: Person, device: Device | None = None, **changes: Any
    ) -> Signed:
        """A ban or unban, whether legal or not; not taken. Cites what votes there are unless told others."""
        poll = Poll(action, _target(whom, device), self.replica.past)
        body = {
            "action": action,
            "account": whom.account,
            "device": device.id if device else None,
            "quorum": poll.quorum,
            "senior": id_of(self.events[0]),
            "votes": poll.votes(by.account),
        }
        if by.account in poll.past.state.admins:
            body = acts.deed(poll, by.account, body["votes"])
        return self.forged(by, "member", {**body, **changes})

    def meets(self, *others: "Club") -> "Club":
        """Take what the others have and this one lacks; what was late comes again when it is asked for."""
        for other in others:
            lacking = [signed for signed in other.events if signed not in self.events]
            for signed in lacking:
                self.take(signed)
            while asked := [signed for signed in lacking if id_of(signed) in self.replica.missing()]:
                for signed in asked:
                    self.take(signed)
        return self


def _target(whom: Person, device: Device | None) -> tuple[str, str | None]:
    return whom.account, device.id if device else None
