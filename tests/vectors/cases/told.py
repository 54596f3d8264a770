"""Conversations as they are told: events in the order they were written."""

from typing import Any, Self

from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import make_event, read_signed_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.vectors.cases.cast import ALICE, BOB, random_id

Signed = dict[str, Any]


class Told:
    """A conversation being told: one replica that everybody writes into, and its events in order."""

    def __init__(self, peer: Person = BOB) -> None:
        self.replica = Replica(MemoryEventStore())
        self.events: list[Signed] = []
        random = SeededRandom("initial")
        self._take(
            author.begin(self.replica, ALICE.browser.key, ALICE.browser.wire, peer.account, NOW, random)
        )

    def _take(self, event: Any) -> Signed:
        self.events.append(event.wire)
        return dict(event.wire)

    def join(self) -> Signed:
        return self._take(author.join(self.replica, BOB.browser.key, BOB.browser.wire, NOW + 1))

    def says(self, device: Device, account: str, text: str, reply_to: str | None = None) -> Signed:
        return self._take(author.text(self.replica, device.key, account, text, NOW + 2, reply_to))

    def alice(self, text: str, reply_to: str | None = None) -> Signed:
        return self.says(ALICE.browser, ALICE.account, text, reply_to)

    def bob(self, text: str) -> Signed:
        return self.says(BOB.browser, BOB.account, text)

    def introduce(self, by: Device, account: str, certificate: Signed) -> Signed:
        return self._take(author.introduce(self.replica, by.key, account, certificate, NOW + 3))

    def take(self, signed: Signed) -> Signed:
        self.replica.add(signed)
        self.events.append(signed)
        return signed

    def fork(self) -> Self:
        """The same history, to be continued elsewhere."""
        other = type(self).__new__(type(self))
        other.replica = Replica(MemoryEventStore())
        other.events = []
        for signed in self.events:
            other.take(signed)
        return other

    def draft(self, device: Device, account: str, type: str = "text", **changes: Any) -> Signed:
        """What a device could write next, with changes, not taken."""
        before = self.replica.store.latest(device.id)
        heads = [self.replica.store.get(head) for head in self.replica.heads]
        members: dict[str, Any] = {
            "swarm": self.replica.swarm,
            "parents": list(self.replica.heads),
            "depth": 1 + max(head.depth for head in heads if head),
            "author": account,
            "seq": before.seq + 1 if before else 0,
            "prev": before.id if before else None,
            "type": type,
            "body": {"text": "hello", "reply_to": None},
            "now": NOW + 4,
        }
        return make_event(device.key, **{**members, **changes})


def id_of(signed: Signed) -> str:
    """The id of a signed event."""
    return read_signed_event(signed).id


def joined() -> Told:
    """Alice asked Bob, and he joined."""
    told = Told()
    told.join()
    return told


def ids(count: int) -> list[str]:
    """Sorted ids that nothing has."""
    return sorted(random_id(f"id/{n}", 32) for n in range(count))
