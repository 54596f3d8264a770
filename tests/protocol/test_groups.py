"""Groups as people meet them, told as transcripts (SPEC 7.3, 7.4). What branches amount to is in the vectors
and in `test_group_histories`."""

from typing import Any

import pytest

from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.revocations import make_revocation
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Late, Replica
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.protocol.resolve_cost import HARD, milliseconds, ordinary

ALICE, BOB, CAROL, DAVE = (Person(name) for name in ("alice", "bob", "carol", "dave"))


def group(mode: int = 1, *members: Person) -> Replica:
    replica = Replica(MemoryEventStore())
    acts.begin_group(replica, ALICE.browser.key, ALICE.browser.wire, mode, NOW, SeededRandom("group"))
    for person in members:
        acts.invite(replica, *who(ALICE), person.account, NOW)
        author.join(replica, person.browser.key, person.browser.wire, NOW)
    return replica


def who(person: Person) -> tuple[SignKey, str]:
    return person.browser.key, person.account


def copy(replica: Replica) -> Replica:
    other = Replica(MemoryEventStore(), replica.swarm)
    hear(other, replica)
    return other


def hear(replica: Replica, other: Replica) -> None:
    for event in other.display_order():
        replica.add(event)


def refused(code: str, act: Any, *given: Any) -> None:
    with pytest.raises(ProtocolError) as error:
        act(*given)
    assert error.value.code == code


def test_an_admin_bans_by_one_call_when_one_is_enough() -> None:
    replica = group(1, BOB)
    event = acts.decide(replica, *who(ALICE), "ban", (BOB.account, None), NOW)
    assert event.kind == "member.ban"
    assert replica.state.members == {ALICE.account}
    refused("event_rights", author.text, replica, *who(BOB), "hello?", NOW)


def test_the_second_of_three_admins_completes_the_ban() -> None:
    replica = group(1, BOB, CAROL, DAVE)
    acts.grant(replica, *who(ALICE), BOB.account, NOW)
    acts.grant(replica, *who(ALICE), CAROL.account, NOW)
    first = acts.decide(replica, *who(BOB), "ban", (DAVE.account, None), NOW)
    assert (first.kind, replica.state.member(DAVE.account)) == ("vote", True)
    second = acts.decide(replica, *who(CAROL), "ban", (DAVE.account, None), NOW)
    assert (second.kind, replica.state.member(DAVE.account)) == ("member.ban", False)
    assert second.body["votes"] == [first.id]


def test_who_left_and_was_the_only_admin_granted_before() -> None:
    replica = group(1, BOB)
    refused("event_rights", author.leave, replica, *who(ALICE), NOW)
    acts.grant(replica, *who(ALICE), BOB.account, NOW)
    author.leave(replica, *who(ALICE), NOW)
    assert list(replica.state.admins) == [BOB.account]


def test_what_a_removed_member_said_meanwhile_waits_for_somebody_to_confirm_it() -> None:
    here = group(1, BOB, CAROL)
    there, carol = copy(here), copy(here)
    said = author.text(there, *who(BOB), "unheard", NOW)
    hear(carol, there)
    ban = acts.decide(here, *who(ALICE), "ban", (BOB.account, None), NOW)
    assert here.add(said) == Late(said.id)
    assert here.get(said.id) is None
    carol.add(ban)
    assert carol.unconfirmed() == (said.id,)
    merge = author.anchor(carol, *who(CAROL), NOW)
    assert merge is not None
    assert author.anchor(carol, *who(CAROL), NOW) is None
    here.add(merge)
    assert here.missing() == (said.id,)
    here.add(said)
    assert here.heads == carol.heads == (merge.id,)
    assert here.mark(said.id) == carol.mark(said.id) == "collapsed"
    assert here.mark(merge.id) is None


def test_nobody_joins_a_group_of_256() -> None:
    replica = Replica(MemoryEventStore())
    acts.begin_group(replica, ALICE.browser.key, ALICE.browser.wire, 3, NOW, SeededRandom("group"))
    crowd = [Person(f"crowd{number}") for number in range(256)]
    for person in crowd[:255]:
        author.join(replica, person.browser.key, person.browser.wire, NOW)
    refused("event_limit", author.join, replica, crowd[255].browser.key, crowd[255].browser.wire, NOW)
    author.leave(replica, *who(crowd[0]), NOW)
    author.join(replica, crowd[255].browser.key, crowd[255].browser.wire, NOW)


def test_256_wait_to_join_at_most() -> None:
    replica = group()
    accounts = [SignKey.generate(SeededRandom(f"account{number}")).public for number in range(257)]
    for account in accounts[:256]:
        acts.invite(replica, *who(ALICE), account, NOW)
    refused("event_limit", acts.invite, replica, *who(ALICE), accounts[256], NOW)
    acts.open_link(replica, *who(ALICE), accounts[256], NOW)


def test_a_revoked_device_never_speaks_again() -> None:
    replica = group(2, BOB)
    vault = Device(BOB.key, "bob/vault", "vault")
    author.introduce(replica, *who(BOB), vault.wire, NOW)
    author.revoke(replica, *who(ALICE), make_revocation(BOB.key, BOB.account, vault.id, NOW), NOW)
    refused("event_rights", author.text, replica, vault.key, BOB.account, "still here", NOW)
    refused("event_rights", author.introduce, replica, *who(BOB), vault.wire, NOW)
    author.text(replica, *who(BOB), "I am", NOW)


def test_an_unbanned_admin_is_a_member_and_no_admin() -> None:
    replica = group(1, BOB, CAROL)
    acts.grant(replica, *who(ALICE), BOB.account, NOW)
    acts.decide(replica, *who(ALICE), "ban", (BOB.account, None), NOW)
    acts.decide(replica, *who(ALICE), "unban", (BOB.account, None), NOW)
    assert replica.state.member(BOB.account)
    assert list(replica.state.admins) == [ALICE.account]


def test_a_replica_made_anew_knows_the_same() -> None:
    replica = group(1, BOB, CAROL)
    acts.decide(replica, *who(ALICE), "ban", (BOB.account, None), NOW)
    acts.edit_profile(replica, *who(ALICE), {"title": "us two"}, NOW)
    again = Replica(replica.store)
    assert again.state == replica.state
    assert again.past.state.profile == {again.heads[0]}


def test_a_long_talk_in_a_group_with_a_ban_costs_the_same_for_each_event() -> None:
    replica = group(1, BOB, CAROL)
    acts.decide(replica, *who(ALICE), "ban", (BOB.account, None), NOW)
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
        author.text(replica, *who((ALICE, CAROL)[number % 2]), "line", NOW)
        costs.append(looked - before)
    assert sum(costs[-128:]) <= sum(costs[64:192])


def test_resolving_stays_affordable() -> None:
    """Ten times the time it should take, for machines that are busy or slow."""
    assert milliseconds(ordinary) < 500
    for hard in HARD:
        assert milliseconds(hard, 1) < 10_000
