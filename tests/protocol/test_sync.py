"""Sync sessions (SPEC section 10) between replicas in memory: how they end, and what each side has then."""

from collections.abc import Callable

import pytest

from homevault.protocol.canonical import parse
from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import MAX_PARKED, Replica
from homevault.protocol.sync import session as sessions
from homevault.protocol.sync.effects import Ended, ListConflict, NewerList, Send
from homevault.protocol.sync.frames import BATCH_BYTES, write_frame
from homevault.protocol.sync.sending import WINDOW_EVENTS
from tests.protocol.people import NOW, SeededRandom
from tests.protocol.syncing import End, Seat, ends, run, sync
from tests.protocol.talking import (
    ALICE,
    BOB,
    CAROL,
    carry,
    empty,
    forked,
    kinds,
    same,
    say,
    seats,
    talk,
    write_hello_of,
)


def test_equal_histories_say_so_and_part() -> None:
    a, b = seats(talk(3))
    left, right = ends(a, b)
    run(left, right)
    assert kinds(left) == kinds(right) == ["hello", "bye"]
    assert [each.ended and each.ended.end for each in (left, right)] == ["equal", "equal"]


def test_both_get_what_they_lack_in_one_round() -> None:
    a, b = seats(talk(3))
    for number in range(10):
        say(a.replica, ALICE, f"a {number}")
        say(b.replica, BOB, f"b {number}")
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=10, given=10)
    assert theirs == Ended("equal", a.device, added=10, given=10)
    assert same(a, b)
    assert kinds(left).count("hello") == 2


def test_a_new_device_gets_everything_in_batches_within_the_window() -> None:
    a, _ = seats(talk(2_100))
    b = empty(BOB.vault, a)
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine is not None
    assert mine.given == 2_102
    assert theirs == Ended("equal", a.device, added=2_102)
    assert same(a, b)
    assert all(len(frame) <= BATCH_BYTES + 500 for frame in left.log)
    left, _ = ends(a, empty(BOB.vault, a))
    hello = End(b, a.device).session.start()
    left.do(left.session.start())
    vector = write_frame("vector", str(a.swarm), devices={}, last=True)
    assert isinstance(hello[0], Send)
    left.receive(write_hello_of(empty(BOB.vault, a)))
    left.receive(vector)
    sent = sum(len(parse(frame)["events"]) for frame in left.log if b'"kind":"events"' in frame)
    assert 0 < sent <= WINDOW_EVENTS


def test_writing_goes_on_beside_a_silent_peer() -> None:
    a, b = seats(talk(3))
    say(b.replica, BOB, "more")
    left, _ = ends(a, b)
    left.do(left.session.start())
    left.receive(write_hello_of(b))
    said = say(a.replica, ALICE, "nobody holds me up")
    assert a.replica.heads == (said,)
    left.do(left.session.tick(NOW + sessions.SILENCE - 1))
    assert left.ended is None
    left.do(left.session.tick(NOW + sessions.SILENCE))
    assert left.ended == Ended("unreachable", b.device)
    left.receive(write_frame("bye", str(a.swarm), code=None, event=None))
    assert len(left.said) == 1


def test_what_is_written_meanwhile_arrives_too() -> None:
    a, b = seats(talk(3))
    say(b.replica, BOB, "before")
    left, right = ends(a, b)
    run(left, right, frames=3)
    say(a.replica, ALICE, "during")
    carry(left, right)
    assert left.ended is not None
    assert left.ended.end == "equal"
    assert same(a, b)


@pytest.mark.parametrize("make", [lambda: seats(talk(80)), forked], ids=["runs", "fork"])
def test_a_cut_at_any_frame_loses_nothing(make: Callable[[], tuple[Seat, Seat]]) -> None:
    whole = None
    for frames in range(1, 200):
        a, b = make()
        if not a.store.tips()[0].forked:
            say(a.replica, ALICE, "a")
            say(b.replica, BOB, "b")
        left, right = ends(a, b)
        run(left, right, frames=frames)
        for seat in (a, b):
            assert list(Replica(seat.store).display_order()) == list(seat.replica.display_order())
        done = left.ended and right.ended
        mine, _ = sync(a, b)
        assert mine is not None
        assert mine.end == "equal"
        found = list(a.store.places())
        assert whole in (None, found)
        whole = found
        if done:
            return
    raise AssertionError("it never ended")


def test_the_newer_device_list_is_passed_on() -> None:
    old = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW))
    new = verify_device_list(make_device_list(ALICE.key, 2, [ALICE.browser.wire, ALICE.vault.wire], NOW))
    a, b = seats(talk(2))
    left, right = End(a, b.device, lists=[new]), End(b, a.device, lists=[old])
    run(left, right)
    assert [each.list.number for each in right.said if isinstance(each, NewerList)] == [2]
    assert not [each for each in left.said if isinstance(each, NewerList)]
    assert right.ended is not None
    assert right.ended.end == "equal"


def test_two_lists_with_one_number_are_told_to_both() -> None:
    one = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW))
    other = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.vault.wire], NOW))
    a, b = seats(talk(2))
    left, right = End(a, b.device, lists=[one]), End(b, a.device, lists=[other])
    run(left, right)
    for end in (left, right):
        assert ListConflict(ALICE.account) in end.said


def test_more_late_events_than_may_wait_come_with_what_confirms_them() -> None:
    base = Replica(MemoryEventStore())
    acts.begin_group(base, ALICE.browser.key, ALICE.browser.wire, 2, NOW, SeededRandom("late"))
    for person in (BOB, CAROL):
        acts.invite(base, ALICE.browser.key, ALICE.account, person.account, NOW)
        author.join(base, person.browser.key, person.browser.wire, NOW)
    banned, witness = seats(base)
    acts.decide(banned.replica, ALICE.browser.key, ALICE.account, "ban", (BOB.account, None), NOW)
    for number in range(MAX_PARKED + 50):
        say(witness.replica, BOB, f"still here {number}")
    alone = Seat(BOB.browser.id, witness.replica)
    mine, _ = sync(banned, alone)
    assert mine == Ended("apart", alone.device, added=0, given=1, late=MAX_PARKED + 50)
    assert banned.store.parked() == []
    say(witness.replica, CAROL, "I heard all that")
    mine, theirs = sync(banned, witness)
    assert mine is not None
    assert theirs is not None
    assert (mine.end, mine.added, mine.late) == ("equal", MAX_PARKED + 51, 0)
    assert same(banned, witness)
