"""Histories of one-to-one swarms, told as transcripts."""

from collections.abc import Callable
from typing import Any

import pytest

from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import SignedEvent, make_event, make_initial
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Added, Duplicate, Replica, Waiting
from homevault.protocol.sync.lacking import batches, events_after, events_by_id
from tests.protocol.people import NOW, Device, Person, SeededRandom

ALICE, BOB, EVE = Person("alice"), Person("bob"), Person("eve")
RANDOM = SeededRandom("replica")


def started() -> Replica:
    """Alice asked Bob and he joined."""
    replica = Replica(MemoryEventStore())
    author.begin(replica, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, RANDOM)
    author.join(replica, BOB.browser.key, BOB.browser.wire, NOW + 1)
    return replica


def copy(replica: Replica) -> Replica:
    other = Replica(MemoryEventStore(), replica.swarm)
    for event in replica.display_order():
        other.add(event)
    return other


def says(replica: Replica, person: Person, text: str, **more: Any) -> SignedEvent:
    return author.text(replica, person.browser.key, person.account, text, NOW + 2, **more)


def texts(replica: Replica) -> list[str]:
    return [event.body["text"] for event in replica.display_order() if event.type == "text"]


def next_event(replica: Replica, device: Device, account: str, **changes: Any) -> dict[str, Any]:
    """The event that `device` could write now, with changes."""
    before = replica.store.latest(device.id)
    heads = [replica.store.get(head) for head in replica.heads]
    members: dict[str, Any] = {
        "swarm": replica.swarm,
        "parents": list(replica.heads),
        "depth": 1 + max(head.depth for head in heads if head),
        "author": account,
        "seq": before.seq + 1 if before else 0,
        "prev": before.id if before else None,
        "type": "text",
        "body": {"text": "hello", "reply_to": None},
        "now": NOW,
    }
    return make_event(device.key, **{**members, **changes})


def refused(replica: Replica, code: str, signed: dict[str, Any]) -> None:
    before = (replica.heads, replica.store.count(), replica.missing())
    with pytest.raises(ProtocolError) as error:
        replica.add(signed)
    assert error.value.code == code
    assert (replica.heads, replica.store.count(), replica.missing()) == before


def test_two_people_talk() -> None:
    replica = started()
    first = says(replica, ALICE, "hello")
    says(replica, BOB, "hello yourself", reply_to=first.id)
    assert texts(replica) == ["hello", "hello yourself"]
    assert replica.state.members == {ALICE.account, BOB.account}


def test_an_event_twice_is_a_duplicate() -> None:
    replica = started()
    event = says(replica, ALICE, "once")
    assert replica.add(event) == Duplicate(event.id)
    assert texts(replica) == ["once"]


@pytest.mark.parametrize("spell", [canonical, dict], ids=["bytes", "value"])
def test_a_forged_event_among_many_is_refused_alone(spell: Callable[[Any], Any]) -> None:
    replica = started()
    other = copy(replica)
    said = [says(replica, ALICE, text).wire for text in ("one", "two", "three")]
    forged = {**said[0], "sig": said[1]["sig"]}
    mistold = {**said[0], "sig": "="}
    outcomes = other.add_all([spell(each) for each in (forged, said[0], mistold, *said[1:])])
    errors = {place: each.code for place, each in enumerate(outcomes) if isinstance(each, ProtocolError)}
    assert errors == {0: "signature", 2: "encoding"}
    assert texts(other) == texts(replica)


def test_events_out_of_order_wait_and_come_in_together() -> None:
    replica = started()
    other = copy(replica)
    one, two, three = (says(replica, ALICE, word) for word in ("one", "two", "three"))
    assert other.add(three) == Waiting(three.id, (two.id,))
    assert other.add(two) == Waiting(two.id, (one.id,))
    assert other.missing() == (one.id,)
    added = other.add(one)
    assert isinstance(added, Added)
    assert [event.id for event in added.events] == [one.id, two.id, three.id]
    assert other.missing() == ()
    assert other.store.parked() == []


def test_waiting_events_survive_a_new_replica_on_the_same_store() -> None:
    replica = started()
    other = copy(replica)
    one, two = says(replica, ALICE, "one"), says(replica, ALICE, "two")
    other.add(two)
    again = Replica(other.store)
    assert again.missing() == (one.id,)
    again.add(one)
    assert texts(again) == ["one", "two"]


def test_both_write_at_once_and_a_later_event_merges() -> None:
    here = started()
    there = copy(here)
    a, b = says(here, ALICE, "from alice"), says(there, BOB, "from bob")
    here.add(b)
    there.add(a)
    assert here.heads == there.heads == tuple(sorted((a.id, b.id)))
    assert texts(here) == texts(there)
    both = says(here, ALICE, "together")
    there.add(both)
    assert there.heads == (both.id,)


def test_a_vault_that_was_introduced_may_write() -> None:
    replica = started()
    vault = BOB.vault
    refused(replica, "event_rights", next_event(replica, vault, BOB.account))
    author.introduce(replica, ALICE.browser.key, ALICE.account, vault.wire, NOW)
    author.text(replica, vault.key, BOB.account, "from the vault", NOW)
    assert texts(replica) == ["from the vault"]


def test_a_new_device_of_a_member_introduces_itself() -> None:
    replica = started()
    author.introduce(replica, BOB.vault.key, BOB.account, BOB.vault.wire, NOW)
    assert replica.state.entitled(BOB.account, BOB.vault.id)


def test_strangers_get_nowhere() -> None:
    replica = started()
    join = {"action": "join", "certificate": EVE.browser.wire}
    refused(replica, "event_rights", next_event(replica, EVE.browser, EVE.account, type="member", body=join))
    device = {"certificate": EVE.browser.wire}
    refused(
        replica, "event_rights", next_event(replica, EVE.browser, EVE.account, type="device", body=device)
    )
    refused(replica, "event_rights", next_event(replica, EVE.browser, EVE.account))
    refused(replica, "event_rights", next_event(replica, EVE.browser, ALICE.account))


def test_the_rights_of_an_event_are_those_of_its_own_past() -> None:
    replica = Replica(MemoryEventStore())
    initial = author.begin(replica, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, RANDOM)
    early = next_event(replica, BOB.browser, BOB.account)
    author.join(replica, BOB.browser.key, BOB.browser.wire, NOW)
    assert replica.store.get(initial.id) is not None
    refused(replica, "event_rights", early)


def test_one_joins_once() -> None:
    replica = started()
    join = {"action": "join", "certificate": BOB.vault.wire}
    refused(replica, "event_rights", next_event(replica, BOB.vault, BOB.account, type="member", body=join))


def test_a_conversation_with_oneself() -> None:
    replica = Replica(MemoryEventStore())
    author.begin(replica, ALICE.browser.key, ALICE.browser.wire, ALICE.account, NOW, RANDOM)
    says(replica, ALICE, "note")
    join = {"action": "join", "certificate": ALICE.vault.wire}
    refused(
        replica, "event_rights", next_event(replica, ALICE.vault, ALICE.account, type="member", body=join)
    )
    assert texts(replica) == ["note"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"depth": 9}, "event_depth"),
        ({"seq": 7}, "event_depth"),
        ({"seq": 0, "prev": None}, "event_depth"),
        ({"prev": "A" * 43}, "event_id"),
        ({"swarm": "A" * 43}, "event_id"),
        ({"type": "vote", "body": {}}, "schema"),
        ({"type": "member", "body": {"action": "crown"}}, "unknown_control"),
        ({"body": {"text": "", "reply_to": None}}, "schema"),
    ],
)
def test_events_that_do_not_fit(changes: dict[str, Any], code: str) -> None:
    replica = started()
    says(replica, ALICE, "before")
    refused(replica, code, next_event(replica, ALICE.browser, ALICE.account, **changes))


def test_prev_must_lie_in_the_events_own_past() -> None:
    replica = started()
    here = replica.heads
    unseen = says(replica, ALICE, "one")
    fork = next_event(
        replica, ALICE.browser, ALICE.account, parents=list(here), depth=2, seq=2, prev=unseen.id
    )
    refused(replica, "event_id", fork)


def test_content_of_a_newer_version_is_kept() -> None:
    replica = started()
    newer = next_event(replica, ALICE.browser, ALICE.account, type="hologram", body={"beam": 1})
    replica.add(newer)
    says(replica, BOB, "what was that?")
    assert [event.type for event in replica.display_order()][-2:] == ["hologram", "text"]


def test_there_are_no_other_modes() -> None:
    signed = make_initial(ALICE.browser.key, ALICE.browser.wire, 4, None, NOW, RANDOM)
    refused(Replica(MemoryEventStore()), "unknown_mode", signed)


def test_a_bad_waiting_event_is_dropped_when_its_turn_comes() -> None:
    replica = started()
    other = copy(replica)
    one = says(replica, ALICE, "one")
    bad = next_event(replica, EVE.browser, EVE.account)
    assert isinstance(other.add(bad), Waiting)
    added = other.add(one)
    assert isinstance(added, Added)
    assert [error.code for _, error in added.refused] == ["event_rights"]
    assert other.store.parked() == []


def test_the_waiting_buffer_is_bounded() -> None:
    replica = started()
    for number in range(256):
        parent = f"{number:042d}A"
        replica.add(next_event(replica, ALICE.browser, ALICE.account, parents=[parent], depth=9))
    signed = next_event(replica, ALICE.browser, ALICE.account, parents=["B" * 42 + "A"], depth=9)
    refused(replica, "too_many", signed)


def test_seventeen_heads_are_merged_before_writing() -> None:
    here = started()
    others = [copy(here) for _ in range(17)]
    for number, replica in enumerate(others):
        device = Device(BOB.key, f"bob/{number}")
        here.add(author.introduce(replica, device.key, BOB.account, device.wire, NOW))
    assert len(here.heads) == 17
    says(here, ALICE, "all of you")
    assert len(here.heads) == 1


def test_the_frontier_of_a_merge_holds_only_the_latest_control_events() -> None:
    here = started()
    there = copy(here)
    device = author.introduce(here, ALICE.browser.key, ALICE.account, BOB.vault.wire, NOW)
    there_said = says(there, BOB, "meanwhile")
    here.add(there_said)
    both = here.store.get(says(here, ALICE, "together").id)
    assert both is not None
    assert both.frontier == (device.id,)


def test_sync_sends_what_the_other_lacks() -> None:
    here = started()
    there = copy(here)
    mine = [says(here, ALICE, f"line {number}") for number in range(70)]
    says(there, BOB, "meanwhile")
    lacking = events_after(here.store, there.heads)
    assert [event.id for event in lacking][-70:] == [event.id for event in mine]
    lacking = events_after(here.store, here.heads)
    assert lacking == []
    sent = [len(batch) for batch in batches(events_after(here.store, copy(started()).heads))]
    assert sum(sent) == here.store.count()
    assert max(sent) <= 64
    asked = events_by_id(here.store, [mine[1].id, mine[0].id, "A" * 43])
    assert [event.id for event in asked] == [mine[0].id, mine[1].id]


@pytest.mark.parametrize("beside", [False, True])
def test_who_was_silent_for_long_costs_no_more(beside: bool) -> None:
    """Bob says nothing during a thousand events, with or without news since he last heard any."""
    replica = started()
    for _ in range(500):
        says(replica, ALICE, "line")
    old = next_event(replica, BOB.browser, BOB.account)
    for _ in range(500 if beside else 0):
        says(replica, ALICE, "line")
    looked = 0
    behind = replica.store._behind
    again = Replica(behind)
    get = behind.get

    def counted(event_id: str) -> Any:
        nonlocal looked
        looked += 1
        return get(event_id)

    behind.get = counted  # type: ignore[method-assign]
    again.add(old)
    assert looked < 150


def test_a_fork_deep_in_the_history_is_told_from_a_line() -> None:
    """A device that goes on from its old event, beside or above what it wrote since."""
    replica = started()
    lines = [says(replica, ALICE, "line") for _ in range(200)]
    middle, early = lines[100], lines[10]
    place = {"seq": early.seq + 1, "prev": early.id}
    beside = {"parents": [early.id], "depth": early.depth + 1, **place}
    assert isinstance(replica.add(next_event(replica, ALICE.browser, ALICE.account, **beside)), Added)
    above = {"parents": [middle.id], "depth": middle.depth + 1, **place}
    refused(replica, "event_depth", next_event(replica, ALICE.browser, ALICE.account, **above))
    stranger = {"parents": [early.id], "depth": early.depth + 1, "seq": middle.seq + 1, "prev": middle.id}
    refused(replica, "event_id", next_event(replica, ALICE.browser, ALICE.account, **stranger))


def test_a_long_history_costs_the_same_for_each_event() -> None:
    replica = started()
    looked = 0
    get = replica.store.get

    def counted(event_id: str) -> Any:
        nonlocal looked
        looked += 1
        return get(event_id)

    costs = []
    replica.store.get = counted  # type: ignore[method-assign]
    for number in range(600):
        before = looked
        says(replica, (ALICE, BOB)[number % 2], "line")
        costs.append(looked - before)
    assert sum(costs[-128:]) <= sum(costs[64:192])
