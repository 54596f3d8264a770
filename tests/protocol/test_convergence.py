"""Random one-to-one histories: whoever hears everything, in any order and more than once, sees the same."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from homevault.protocol.canonical import parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import SignedEvent, read_signed_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.lacking import events_after
from tests.protocol.people import NOW, Device, Person, SeededRandom

ALICE, BOB, EVE = Person("alice"), Person("bob"), Person("eve")
DEVICES = [(person, device) for person in (ALICE, BOB) for device in (person.browser, person.vault)]
# One device runs twice, as after a restored backup: its two copies fork.
SEATS = [*DEVICES, (BOB, BOB.browser), (EVE, EVE.browser)]


class World:
    """A replica for each seat, and everything that was ever written."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        first = Replica(MemoryEventStore())
        self.written: list[SignedEvent] = [
            author.begin(
                first, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, SeededRandom(str(seed))
            )
        ]
        self.replicas = [first, *(Replica(MemoryEventStore(), first.swarm) for _ in SEATS[1:])]

    def step(self) -> None:
        seat = self.chance.randrange(len(SEATS))
        (person, device), replica = SEATS[seat], self.replicas[seat]
        if not replica.heads or self.chance.random() < 0.5:
            replica.add(self.chance.choice(self.written))
            return
        try:
            self.written.append(self.write(replica, person, device))
        except ProtocolError as error:
            if error.code not in ("event_rights", "event_fork"):
                raise

    def write(self, replica: Replica, person: Person, device: Device) -> SignedEvent:
        kind = self.chance.choice(["text", "text", "join", "introduce", "merge", "newer"])
        account, key = person.account, device.key
        if kind == "join":
            return author.join(replica, key, device.wire, NOW)
        if kind == "introduce":
            certificate = self.chance.choice(SEATS)[1].wire
            return author.introduce(replica, key, account, certificate, NOW)
        if kind == "text":
            return author.text(replica, key, account, str(len(self.written)), NOW)
        body: dict[str, Any] = {} if kind == "merge" else {"beam": len(self.written)}
        return author.write(replica, key, account, "merge" if kind == "merge" else "hologram", body, NOW)


def view(replica: Replica) -> Any:
    order = [event.id for event in replica.display_order()]
    return (replica.heads, replica.state, order, replica.missing(), replica.store.parked())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_all_replicas_end_alike(seed: int, steps: int) -> None:
    world = World(seed)
    for _ in range(steps):
        world.step()
    for replica in world.replicas:
        for event in world.chance.sample(world.written, len(world.written)) + world.written[:3]:
            replica.add(event)
    views = [view(replica) for replica in world.replicas]
    assert all(each == views[0] for each in views)
    assert set(views[0][2]) == {event.id for event in world.written}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_a_replica_catches_up_with_what_it_lacks(seed: int, steps: int) -> None:
    world = World(seed)
    for _ in range(steps):
        world.step()
    most, other = world.replicas[0], world.replicas[1]
    for event in world.written:
        most.add(event)
    held = {event.id for event in other.display_order()}
    lacking = events_after(most.store, other.heads)
    assert {event.id for event in lacking} == set(most_ids(most)) - ancestors(most, held)
    for stored in lacking:
        other.add(read_signed_event(parse(stored.signed)))
    assert view(other) == view(most)


def most_ids(replica: Replica) -> list[str]:
    return [event.id for event in replica.display_order()]


def ancestors(replica: Replica, ids: set[str]) -> set[str]:
    """These and everything below them."""
    found: set[str] = set()
    for event in reversed(list(replica.display_order())):
        if event.id in ids or event.id in found:
            found |= {event.id, *event.parents}
    return found
