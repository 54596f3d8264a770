"""Comparing by ranges, where the latest events of devices cannot tell what lacks (SPEC 10.4)."""

from itertools import pairwise

import pytest

from homevault.protocol.canonical import parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import author
from homevault.protocol.sync.effects import Ended
from homevault.protocol.sync.ranges import RangeIndex
from homevault.protocol.sync.reconcile import MAX_FRAMES, Reconciliation
from homevault.protocol.sync.source import Place
from tests.protocol.people import NOW
from tests.protocol.syncing import ends, run, sync
from tests.protocol.talking import ALICE, BOB, forked, kinds, same, say, seats, talk


def test_a_fork_is_found_and_both_sides_of_it_stand_everywhere() -> None:
    a, b = forked()
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=20, given=40)
    assert theirs == Ended("equal", a.device, added=40, given=20)
    assert same(a, b)
    assert "ranges" in kinds(left) + kinds(right)


def test_ranges_over_a_long_history_carry_little() -> None:
    a, b = seats(talk(3_000))
    extra = author.text(b.replica, ALICE.browser.key, ALICE.account, "fork", NOW)
    say(a.replica, ALICE, "the other fork")
    left, right = ends(a, b)
    mine, _ = run(left, right)
    assert mine is not None
    assert (mine.end, mine.added, mine.given) == ("equal", 1, 1)
    assert a.replica.get(extra.id) is not None
    assert sum(len(frame) for frame in left.log + right.log) < 40_000


def test_ids_alone_help_where_fingerprints_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody had made two ranges look alike: every fingerprint is the same."""
    a, b = forked()
    monkeypatch.setattr("homevault.protocol.sync.reconcile.fingerprint", lambda summary: "A" * 43)
    monkeypatch.setattr("homevault.protocol.sync.ranges.RangeIndex.summary", lambda *_: (100, 0))
    mine, theirs = sync(a, b)
    assert mine is not None
    assert theirs is not None
    assert mine.end == theirs.end == "equal"
    assert same(a, b)


@pytest.mark.parametrize("swapped", [False, True])
def test_many_differences_take_several_rounds(*, swapped: bool) -> None:
    """And nothing is pushed before what it stands on, however much has to be left for the next round."""
    a, b = seats(talk(2))[:: -1 if swapped else 1]
    for number in range(1_200):
        say(a.replica, ALICE, f"one {number}")
        say(a.replica, BOB, f"an answer to that {number}")
    for number in range(700):
        say(b.replica, ALICE, f"other {number}")
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=700, given=2_400)
    assert theirs == Ended("equal", a.device, added=2_400, given=700)
    assert same(a, b)
    assert left.waited == right.waited == 0
    assert 2 < kinds(left).count("hello") < 20


def test_what_is_pushed_stands_on_what_is_there() -> None:
    a, b = forked()
    left, right = ends(a, b)
    run(left, right)
    for end in (left, right):
        places: list[Place] = []
        for frame in end.log:
            if b'"kind":"events"' in frame:
                places += [(each["event"]["depth"], "") for each in parse(frame)["events"]]
        assert all(one <= other for one, other in pairwise(places))


def test_nothing_above_the_ceiling_is_given_whatever_is_asked_for() -> None:
    """What is pushed stands on what is there: the rest waits for the next round. Questions are counted."""
    a, _ = seats(talk(100))
    places = list(a.store.places())
    index = RangeIndex(a.store)
    index.refresh()
    round_ = Reconciliation(a.store, index, None, False)
    last_word = {"to": list(places[49]), "count": None, "fingerprint": None, "ids": None}
    assert not round_.receive([last_word]).open
    everything, nobodys = [id for _, id in places], ["A" * 43] * 1_000
    round_.give(everything)
    assert round_.given() == places[:50]
    for _ in range(MAX_FRAMES - 1):
        round_.give(nobodys)
    with pytest.raises(ProtocolError, match="too_many"):
        round_.give(everything)
    assert round_.given() == places[:50]
