"""Two who talk, and what a sync of theirs is made of."""

from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.swarm import author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.effects import Send
from homevault.protocol.sync.frames import read_frame
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.protocol.syncing import End, Seat

ALICE, BOB, CAROL = Person("alice"), Person("bob"), Person("carol")


def talk(lines: int = 0) -> Replica:
    """Alice and Bob in a conversation of some lines."""
    replica = Replica(MemoryEventStore())
    author.begin(replica, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, SeededRandom("talk"))
    author.join(replica, BOB.browser.key, BOB.browser.wire, NOW)
    for number in range(lines):
        say(replica, (ALICE, BOB)[number % 2], str(number))
    return replica


def say(replica: Replica, person: Person, text: str) -> str:
    return author.text(replica, person.browser.key, person.account, text, NOW).id


def seats(replica: Replica) -> tuple[Seat, Seat]:
    return Seat(ALICE.browser.id, replica), Seat(BOB.browser.id, replica)


def empty(device: Device, like: Seat) -> Seat:
    return Seat(device.id, Replica(MemoryEventStore(), like.swarm))


def kinds(end: End) -> list[str]:
    assert end.seat.swarm is not None
    return [read_frame(frame, end.seat.swarm)["kind"] for frame in end.log]


def same(a: Seat, b: Seat) -> bool:
    return list(a.store.places()) == list(b.store.places()) and a.replica.heads == b.replica.heads


def forked() -> tuple[Seat, Seat]:
    """Alice's browser ran twice: each of two replicas has its own continuation and Bob's answers to it."""
    a, b = seats(talk(4))
    for seat, line in ((a, "one"), (b, "other")):
        for number in range(20):
            say(seat.replica, ALICE, f"{line} {number}")
            say(seat.replica, BOB, f"answer to {line} {number}") if seat is a else None
    return a, b


def write_hello_of(seat: Seat) -> bytes:
    effects = End(seat, "A" * 43).session.start()
    assert isinstance(effects[0], Send)
    return effects[0].frame


def hello_with(seat: Seat, **changes: Any) -> bytes:
    return canonical({**parse(write_hello_of(seat)), **changes})


def carry(a: End, b: End) -> None:
    while a.sent or b.sent:
        for here, there in ((a, b), (b, a)):
            if here.sent:
                there.receive(here.sent.popleft())
