"""A random group: seats with a replica each, islands that do not hear each other, attackers that write from
old views of the history, and in the end everybody hears everybody."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.revocations import make_revocation
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.events import SignedEvent, make_event, read_signed_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.state import Target
from homevault.protocol.swarm.votes import Poll, bannable
from tests.protocol.people import NOW, Device, Person, SeededRandom

PEOPLE = [Person(f"person{number}") for number in range(6)]
LINK = SignKey.generate(SeededRandom("group link"))


@dataclass
class Seat:
    person: Person
    device: Device
    replica: Replica
    island: int = 0


def take(replica: Replica, events: Iterable[SignedEvent]) -> None:
    """Hear these, and what was late again as long as that changes something."""
    lacking, before = list(events), None
    while before != progress(replica):
        before = progress(replica)
        lacking = [event for event in lacking if replica.store.get(event.id) is None]
        for event in lacking:
            replica.add(event)


def progress(replica: Replica) -> tuple[int, int]:
    """Grows with what is held, and with what waits."""
    return replica.store.count(), len(replica.store.parked())


class World:
    """`steady`: the creator is honest and stays, so that in the end somebody is entitled for everyone."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.steady = self.chance.random() < 0.85
        self.people = PEOPLE[: self.chance.choice([2, 3, 4, 4, 5, 6])]
        self.written: list[SignedEvent] = []
        # What no replica with its past may take, and why.
        self.refused: list[tuple[SignedEvent, str]] = []
        creator = self.people[0]
        first = Replica(MemoryEventStore())
        mode, random_ = self.chance.choice([1, 2, 2, 3]), SeededRandom(str(seed))
        key, wire = creator.browser.key, creator.browser.wire
        self.written.append(acts.begin_group(first, key, wire, mode, NOW, random_))
        self.seats = [Seat(creator, creator.browser, first)]
        self._gather(first, creator)
        self._quarrel(first)
        for person in self.people[1:]:
            self._sit(person, person.browser)
        for person in self.chance.sample(self.people, len(self.people) // 2):
            self._sit(person, person.vault)
        # A device that runs twice, as after a restored backup.
        self._sit(*self._device(self.people[1:] if self.steady else self.people))

    def _device(self, people: list[Person]) -> tuple[Person, Device]:
        person = self.chance.choice(people)
        return person, person.browser

    def _sit(self, person: Person, device: Device) -> None:
        replica = Replica(MemoryEventStore(), self.written[0].swarm)
        take(replica, self.written)
        self.seats.append(Seat(person, device, replica))

    def _gather(self, replica: Replica, creator: Person) -> None:
        """Most are in from the start, most of them as admins."""
        key, account = creator.browser.key, creator.account
        for person in self.people[1:]:
            if self.chance.random() < 0.2:
                continue
            if replica.state.mode < 3:
                self.written.append(acts.invite(replica, key, account, person.account, NOW))
            self.written.append(author.join(replica, person.browser.key, person.browser.wire, NOW))
            if self.chance.random() < 0.8:
                self.written.append(acts.grant(replica, key, account, person.account, NOW))

    def _quarrel(self, replica: Replica) -> None:
        """Some have voted already, so that one more voice bans."""
        admins = [person for person in self.people if person.account in replica.state.admins]
        for _ in range(self.chance.choice([0, 4, 8, 12])):
            by, whom = self.chance.choice(admins), self.chance.choice(self.people)
            if bannable((whom.account, None), replica.state) and by is not whom:
                target = (whom.account, None)
                vote = acts.vote(replica, by.browser.key, by.account, "ban", target, NOW)
                self.written.append(vote)

    def step(self) -> None:
        seat = self.chance.choice(self.seats)
        way = self.chance.random()
        if way < 0.06:
            for each in self.seats:
                each.island = self.chance.randrange(2)
        elif way < 0.25:
            self._hear(seat)
        else:
            self._write(seat)

    def _hear(self, seat: Seat) -> None:
        other = self.chance.choice([each for each in self.seats if each.island == seat.island])
        events = list(other.replica.display_order())
        if self.chance.random() < 0.3:
            events = events[: self.chance.randint(1, len(events))]
        take(seat.replica, events)

    def _write(self, seat: Seat) -> None:
        old = self.chance.random() < 0.15 and not (self.steady and seat is self.seats[0])
        replica = self._old_view(seat) if old else seat.replica
        before = len(self.written)
        for _ in range(4):
            try:
                self._act(replica, seat)
                break
            except ProtocolError:
                continue
        if old:
            take(seat.replica, self.written[before:])

    def _old_view(self, seat: Seat) -> Replica:
        """What the seat could pretend to know: one event it has, and its past."""
        events = {event.id: event for event in seat.replica.display_order()}
        waiting = [self.chance.choice(list(events))]
        known: set[str] = set()
        while waiting:
            id = waiting.pop()
            if id not in known:
                known.add(id)
                waiting.extend(events[id].parents)
        replica = Replica(MemoryEventStore(), seat.replica.swarm)
        take(replica, [event for event in events.values() if event.id in known])
        return replica

    def _act(self, replica: Replica, seat: Seat) -> None:
        key, account = seat.device.key, seat.person.account
        whom = self.chance.choice(self.people)
        device = self.chance.choice([whom.browser, whom.vault])
        now = NOW + self.chance.randint(-1_000, 1_000)
        target: Target = (whom.account, self.chance.choice([None, None, None, device.id]))
        action = self.chance.choice(["ban", "ban", "unban"])
        if action == "unban" and replica.state.bans:
            target = self.chance.choice(sorted(replica.state.bans, key=str))
        stays = self.steady and seat.person is self.people[0]
        ways: dict[str, tuple[float, Callable[[], Any]]] = {
            "text": (4, lambda: author.text(replica, key, account, str(len(self.written)), now)),
            "merge": (1, lambda: author.write(replica, key, account, "merge", {}, now)),
            "invite": (3, lambda: acts.invite(replica, key, account, whom.account, now)),
            "link": (1, lambda: acts.open_link(replica, key, account, LINK.public, now)),
            "join": (3, lambda: author.join(replica, key, seat.device.wire, now)),
            "join by link": (1, lambda: acts.join_by_link(replica, key, seat.device.wire, LINK, now)),
            "leave": (0 if stays else 1, lambda: author.leave(replica, key, account, now)),
            "grant": (4, lambda: acts.grant(replica, key, account, whom.account, now)),
            "resign": (0 if stays else 1, lambda: acts.resign(replica, key, account, now)),
            "decide": (18, lambda: acts.decide(replica, key, account, action, target, now)),
            "vote": (2, lambda: acts.vote(replica, key, account, action, target, now)),
            "close": (1, lambda: acts.decide(replica, key, account, "ban", (LINK.public, None), now)),
            "commit": (3, lambda: author.introduce(replica, key, account, device.wire, now)),
            "revoke": (0.6, lambda: self._revoke(replica, key, account, whom, device, now)),
            "profile": (2, lambda: acts.edit_profile(replica, key, account, {"title": str(now)}, now)),
            "edit": (1, lambda: self._edit(replica, key, account, now)),
            "forge": (4, lambda: self._forge(replica, seat, target, action, now)),
        }
        [way] = self.chance.choices(list(ways), [weight for weight, _ in ways.values()])
        event = ways[way][1]()
        if event is not None:
            self.written.append(event)

    def _revoke(
        self, replica: Replica, key: SignKey, account: str, whom: Person, device: Device, now: int
    ) -> SignedEvent | None:
        if self.steady and device is self.people[0].browser:
            return None
        statement = make_revocation(whom.key, whom.account, device.id, NOW)
        return author.revoke(replica, key, account, statement, now)

    def _edit(self, replica: Replica, key: SignKey, account: str, now: int) -> SignedEvent:
        target = self.chance.choice(self.written).id
        return author.write(replica, key, account, "edit", {"target": target, "text": "better"}, now)

    def _forge(self, replica: Replica, seat: Seat, target: Any, action: str, now: int) -> SignedEvent | None:
        """An event nobody checked before it was signed; kept with its error if it is refused."""
        poll = Poll(action, target, replica.past)
        votes = [event.id for event in self.written if event.type == "vote"]
        votes = sorted({*poll.votes(seat.person.account), *self.chance.sample(votes, min(len(votes), 1))})
        deed = {"action": action, "account": target[0], "device": target[1]}
        senior = self.chance.choice(self.written).id
        bodies: list[tuple[str, Any]] = [
            ("member", {**deed, "quorum": poll.quorum, "senior": senior, "votes": votes}),
            ("member", {"action": "grant", "account": target[0]}),
            ("member", {"action": "add", "account": target[0], "invite": None}),
            ("vote", {**deed, "last": self.chance.choice([None, senior])}),
            ("merge", {}),
        ]
        type, body = self.chance.choice(bodies)
        event = read_signed_event(draft(replica, seat, type, body, now))
        try:
            replica.add(event)
        except ProtocolError as error:
            self.refused.append((event, error.code))
            return None
        return event

    def settle(self) -> Replica:
        """Everybody hears everything that is taken, and members confirm it, until nothing is new. The
        creator's replica."""
        rock = self.seats[0].replica
        count = -1
        while count != len(self.written):
            count = len(self.written)
            for seat in self.seats:
                take(seat.replica, self.written)
                if self.entitled(seat):
                    self._confirm(seat)
        return rock

    def entitled(self, seat: Seat) -> bool:
        """For the creator and for itself. One that alone holds a late ban of its own account cannot confirm
        it."""
        pair = (seat.person.account, seat.device.id)
        return all(each.replica.state.entitled(*pair) for each in (self.seats[0], seat))

    def _confirm(self, seat: Seat) -> None:
        replica, account = seat.replica, seat.person.account
        if len(replica.heads) == 1 and not replica.unconfirmed():
            return
        try:
            self.written.append(author.write(replica, seat.device.key, account, "merge", {}, NOW))
        except ProtocolError as error:
            if error.code == "event_fork":
                self.written.append(author.text(replica, seat.device.key, account, "I saw this", NOW))


def draft(replica: Replica, seat: Seat, type: str, body: Any, now: int) -> dict[str, Any]:
    """What a seat's device could sign next, whether legal or not."""
    before = replica.store.latest(seat.device.id)
    heads = [head for id in replica.heads if (head := replica.store.get(id))][:16]
    return make_event(
        seat.device.key,
        swarm=replica.swarm,
        parents=[head.id for head in heads],
        depth=1 + max(head.depth for head in heads),
        author=seat.person.account,
        seq=before.seq + 1 if before else 0,
        prev=before.id if before else None,
        type=type,
        body=body,
        now=now,
    )
