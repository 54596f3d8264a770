"""Mail of those who were never written to: a request, once, small, and few of them (SPEC 6.4)."""

from __future__ import annotations

from homevault.protocol.canonical import canonical
from tests.server.signaling.conftest import Join
from tests.server.signaling.mail import Make, befriend, friends, reconnected
from tests.server.signaling.world import Relay

MINUTE = 60_000


async def test_a_stranger_may_only_ask_and_only_once(fresh: Make, join: Join) -> None:
    relay = fresh()
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    letter, ask, more = (alice.device.mail(bob.device, type=kind) for kind in ("mail", "request", "request"))
    await alice.send(letter)
    await alice.refused("refused", letter.id)
    await alice.send(ask)
    await alice.accepted(ask)
    await bob.receives(ask)
    await alice.send(more)
    await alice.refused("request_pending", more.id)
    await alice.send(ask)
    await alice.accepted(ask)
    await bob.send(bob.device.ack(ask))
    bob = await reconnected(bob, join)
    await alice.send(more, letter)
    await alice.refused("request_pending", more.id)
    await alice.refused("refused", letter.id)
    await bob.nothing_before(alice)


async def test_who_is_answered_is_no_stranger_any_more(fresh: Make, join: Join) -> None:
    relay = fresh()
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    ask, answer = alice.device.mail(bob.device, type="request"), bob.device.mail(alice.device)
    await alice.send(ask)
    await alice.accepted(ask)
    await bob.receives(ask)
    await bob.send(answer)
    await bob.accepted(answer)
    await alice.receives(answer)
    letters = [alice.device.mail(bob.device, type=kind) for kind in ("mail", "request", "mail")]
    await alice.send(*letters)
    await alice.accepted(*letters)
    await bob.receives(*letters)


async def test_a_request_is_small(relay: Relay, join: Join) -> None:
    alice, bob = await friends(relay, join, "alice", "bob")
    ask = alice.device.mail(bob.device, type="request", size=5_000)
    large = canonical({**alice.device.mail(bob.device, size=6_500).wire(), "type": "request"})
    assert len(ask.raw) < 8_192 < len(large)
    await alice.send(ask)
    await alice.accepted(ask)
    await alice.send(large)
    assert (await alice.expect("error")).data["code"] == "json_too_large"


async def test_an_address_asks_only_so_many(fresh: Make, join: Join) -> None:
    relay = fresh(request_burst=2, request_rate_hour=1)
    alice = await join(relay.device("alice"))
    members = [relay.device(f"member{number}") for number in range(3)]
    asks = [alice.device.mail(member, type="request") for member in members]
    await alice.send(*asks[:2])
    await alice.accepted(*asks[:2])
    await alice.send(asks[2])
    await alice.refused("too_many", asks[2].id)


async def test_a_blocked_sender_is_refused_by_the_policy(relay: Relay, join: Join) -> None:
    blocked, bob = await join(relay.device("blocked")), await join(relay.device("bob"))
    await befriend(bob, blocked.device)
    letter = blocked.device.mail(bob.device)
    await blocked.send(letter)
    await blocked.refused("refused", letter.id)
    await bob.nothing_before(await join(relay.device("alice")))
