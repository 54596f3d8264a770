"""Random groups that meet by syncs only (SPEC section 10): sessions cut at any frame, events that come beside
them in any order, devices that fork, peers that lie. All who may still speak end alike, or the liar is named.

SYNC_WORLDS sets how many there are.
"""

import os
import random
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import author
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.effects import Ended
from tests.protocol.group_history import told
from tests.protocol.group_world import Seat as Member
from tests.protocol.group_world import World
from tests.protocol.people import NOW
from tests.protocol.syncing import End, Seat, Twist, ends, run
from tests.vectors.ops import group_view

COUNT = int(os.environ.get("SYNC_WORLDS", "40"))
MANY = settings(max_examples=COUNT, suppress_health_check=list(HealthCheck))


class Meeting:
    """The members of a random group; from now on they hear each other by syncs."""

    def __init__(self, seed: int, steps: int) -> None:
        self.world: World = told(seed, steps)
        self.chance = random.Random(seed)
        # Two members may sit at one device, which is why a session has a name of its own for each.
        self.seats = [Seat(_name(n), each.replica) for n, each in enumerate(self.world.seats)]

    def members(self) -> list[tuple[Member, Seat]]:
        return list(zip(self.world.seats, self.seats, strict=True))

    def happen(self) -> None:
        a, b = self.chance.sample(self.seats, 2)
        way = self.chance.random()
        if way < 0.4:
            run(*ends(a, b), frames=self.chance.randint(0, 30))
        elif way < 0.7:
            sync(a, b)
        else:
            self._hear(a, b)

    def _hear(self, a: Seat, b: Seat) -> None:
        """Some events of the one come to the other by another way, in any order, some twice."""
        events = list(b.replica.display_order())
        for event in self.chance.choices(events, k=self.chance.randint(1, len(events))):
            with suppress(ProtocolError):
                a.replica.add(event)

    def settle(self) -> Seat:
        """Everybody syncs with the creator until nothing is new, and confirms what it had held before a
        removal. The creator's seat."""
        rock, before = self.seats[0], list[int]()
        while before != (before := [seat.store.count() for seat in self.seats]):
            for _ in range(2):
                for seat in self.seats[1:]:
                    sync(rock, seat)
            for member, seat in self.members():
                if self.entitled(member, seat):
                    _confirm(member, seat)
        return rock

    def entitled(self, member: Member, seat: Seat) -> bool:
        pair = (member.person.account, member.device.id)
        return all(each.replica.state.entitled(*pair) for each in (self.seats[0], seat))


def _name(number: int) -> str:
    return b64encode(bytes([number] * 32))


def _confirm(member: Member, seat: Seat) -> None:
    if not seat.replica.unconfirmed():
        return
    key, account = member.device.key, member.person.account
    try:
        author.write(seat.replica, key, account, "merge", {}, NOW)
    except ProtocolError:
        author.text(seat.replica, key, account, "I saw this", NOW)


def sync(a: Seat, b: Seat) -> tuple[Ended, Ended]:
    """A whole session; it ends at both sides, equal or with late events to wait for."""
    mine, theirs = run(*ends(a, b))
    assert mine is not None
    assert theirs is not None
    assert mine.end == theirs.end
    assert mine.end == "equal" or (mine.end == "apart" and mine.late + theirs.late)
    if mine.end == "equal":
        assert list(a.store.places()) == list(b.store.places())
    return mine, theirs


def check_kept(seat: Seat) -> None:
    """What is stored is what a replica made of it anew would hold."""
    assert group_view(Replica(seat.store, seat.swarm)) == group_view(seat.replica)


@MANY
@given(st.integers(0, 2**32), st.integers(15, 60), st.integers(0, 25))
def test_all_end_alike_however_often_they_were_cut_off(seed: int, steps: int, happenings: int) -> None:
    meeting = Meeting(seed, steps)
    for _ in range(happenings):
        meeting.happen()
    for seat in meeting.seats:
        check_kept(seat)
    if not meeting.world.steady:
        return
    rock = meeting.settle()
    for member, seat in meeting.members():
        if meeting.entitled(member, seat):
            assert group_view(seat.replica) == group_view(rock.replica)


def liar(chance: random.Random) -> Twist:
    """Now and then a frame is changed, left out, said twice, or junk."""

    def twist(frame: bytes) -> list[bytes]:
        way = chance.random()
        if way < 0.75:
            return [frame]
        if way < 0.8:
            return []
        if way < 0.85:
            return [frame, frame]
        if way < 0.9:
            return [chance.randbytes(chance.randint(0, 200))]
        return [_spoiled(frame, chance)]

    return twist


def _spoiled(frame: bytes, chance: random.Random) -> bytes:
    value = parse(frame)
    name = chance.choice(sorted(value))
    junk = [None, -1, 0, 1, 2**53 - 1, True, False, "", "A" * 43, [], {}, [[]], [None] * 3]
    if name == "events" and value["kind"] != "want" and value[name] and chance.random() < 0.7:
        place = chance.randrange(len(value[name]))
        value[name][place] = chance.choice([{}, "A" * 43, {**value[name][0], "sig": "A" * 86}])
    elif isinstance(value[name], list) and value[name] and chance.random() < 0.5:
        chance.shuffle(value[name])
        value[name] = value[name][: chance.randint(0, len(value[name]))]
    else:
        value[name] = chance.choice(junk)
    return canonical(value)


@MANY
@given(st.integers(0, 2**32), st.integers(15, 40))
def test_a_liar_spoils_nothing_and_is_named(seed: int, steps: int) -> None:
    meeting = Meeting(seed, steps)
    a, b = meeting.chance.sample(meeting.seats, 2)
    before = list(a.store.places())
    left, right = ends(a, b)
    run(left, right, twist=liar(meeting.chance))
    check_kept(a)
    assert set(before) <= set(a.store.places())
    if left.ended is None:
        left.do(left.session.tick(NOW + 30_000))
    assert left.ended is not None
    assert left.ended.peer == b.device
    if left.ended.end == "refused":
        assert left.ended.code
    sync(a, b)


@MANY
@given(st.integers(0, 2**32), st.lists(st.binary(max_size=300), max_size=20))
def test_noise_is_refused_at_once(seed: int, noise: list[bytes]) -> None:
    meeting = Meeting(seed, 15)
    a, b = meeting.seats[:2]
    end = End(a, b.device)
    end.do(end.session.start())
    for frame in noise:
        end.receive(frame)
    assert bool(end.ended) == bool(noise)
