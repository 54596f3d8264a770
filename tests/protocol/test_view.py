"""The view of a conversation (SPEC 7.6): the same however events came; what one may say about lines."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import content
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.lines import AMENDING, Reaction, look_of
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Added, Replica
from homevault.protocol.swarm.view import View
from tests.protocol import group_history
from tests.protocol.people import NOW
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.club import CAROL, Club
from tests.vectors.cases.told import id_of, ids


def heard(events: list[SignedEvent], chance: random.Random) -> tuple[Replica, View]:
    """A replica that heard these in a random order, and the view that followed it."""
    replica = Replica(MemoryEventStore(), events[0].id)
    view = View(replica)
    waiting = chance.sample(events, len(events))
    while waiting:
        for event in waiting:
            outcome = replica.add(event)
            if isinstance(outcome, Added):
                changed = view.take(outcome.events)
                assert all(view.get(id) for id in changed)
        left = [event for event in waiting if replica.store.get(event.id) is None]
        if len(left) == len(waiting):
            break
        waiting = left
    return replica, view


def wording(view: View, id: str) -> str | None:
    line = view.get(id)
    assert line
    return line.text


def reactions(view: View, id: str) -> tuple[Reaction, ...]:
    line = view.get(id)
    assert line
    return line.reactions


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(0, 2**32), st.integers(15, 60))
def test_a_followed_view_is_the_one_made_anew(seed: int, steps: int) -> None:
    world = group_history.told(seed, steps)
    rock = world.settle() if world.steady else world.seats[0].replica
    replica, view = heard(list(rock.display_order()), random.Random(seed))
    assert list(view.lines()) == list(View(replica).lines())
    assert [line.event.id for line in view.lines()] == [
        event.id for event in replica.display_order() if look_of(event)
    ]


def test_lines_are_read_and_counted_from_a_line_on() -> None:
    """Three messages after the beginning: all, since the last, since the second."""
    club = Club(2)
    said = [id_of(club.text(ALICE, f"message {n}")) for n in range(3)]
    club.writes(ALICE, "edit", {"target": said[0], "text": "changed"})
    view = View(club.replica)
    assert len(view) == 4
    assert view.count_after(said[2]) == 0
    assert view.count_after(said[1]) == 1
    assert [line.text for line in view.lines(after=said[0])] == ["message 1", "message 2"]
    assert view.newest() == view.get(said[2])


def test_only_what_changes_something_is_written() -> None:
    """Replying to, editing, deleting and reacting to what is not there, or is another's, writes nothing."""
    club = Club(2, members=[BOB])
    hers = id_of(club.text(ALICE, "hello"))
    start, nothing = id_of(club.events[0]), ids(1)[0]
    heart = content.react(club.replica, BOB.browser.key, BOB.account, hers, "\u2764", NOW)
    before = club.replica.store.count()
    bob = (club.replica, BOB.browser.key, BOB.account)
    for write, target, code in [
        (lambda target: content.reply(*bob, target, "so?", NOW), nothing, "event_id"),
        (lambda target: content.reply(*bob, target, "so?", NOW), heart.id, "event_id"),
        (lambda target: content.edit(*bob, target, "mine", NOW), hers, "event_rights"),
        (lambda target: content.edit(*bob, target, "mine", NOW), nothing, "event_id"),
        (lambda target: content.edit(*bob, target, "mine", NOW), start, "event_id"),
        (lambda target: content.delete(*bob, target, NOW), hers, "event_rights"),
        (lambda target: content.delete(*bob, target, NOW), start, "event_id"),
        (lambda target: content.react(*bob, target, "\u2764", NOW), start, "event_id"),
        (lambda target: content.react(*bob, target, "\u2764", NOW), heart.id, "event_id"),
        (lambda target: content.react(*bob, target, "", NOW), hers, "schema"),
    ]:
        with pytest.raises(ProtocolError) as refused:
            write(target)
        assert refused.value.code == code
    assert club.replica.store.count() == before
    content.delete(*bob, heart.id, NOW)
    assert reactions(View(club.replica), hers) == ()


def test_a_late_removal_takes_back_what_it_hits() -> None:
    """A line is asked for before and after: what is remembered of it does not outlive the change."""
    club = Club(2, [BOB], [CAROL])
    hers = id_of(club.text(CAROL, "mine"))
    beside = club.fork()
    beside.writes(CAROL, "edit", {"target": hers, "text": "rewritten"})
    beside.text(BOB, "seen")
    view = View(beside.replica)
    assert wording(view, hers) == "rewritten"
    club.votes(BOB, CAROL)
    club.bans(ALICE, CAROL)
    changed: set[str] = set()
    for signed in club.events:
        outcome = beside.replica.add(signed)
        if isinstance(outcome, Added):
            changed |= view.take(outcome.events)
    assert wording(view, hers) == "mine"
    assert hers in changed
    assert AMENDING.isdisjoint(each.event.type for each in view.lines())
