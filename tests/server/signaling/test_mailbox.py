"""Mail: durable before it is accepted, pushed oldest first, gone when every device has it (SPEC 6.4, 6.5)."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import new_id
from tests.server.signaling.conftest import Join
from tests.server.signaling.mail import Make, friends, more_accepted, reconnected, stored
from tests.server.signaling.world import CLOCK, RANDOM, Client, Device, Relay

MINUTE = 60_000


async def test_mail_is_accepted_pushed_and_gone_after_the_ack(anywhere: Relay, join: Join) -> None:
    alice, bob = await friends(anywhere, join, "alice", "bob")
    before = stored(anywhere)
    letter = alice.device.mail(bob.device, size=2000)
    await alice.send(letter)
    await alice.accepted(letter)
    await bob.receives(letter)
    assert stored(anywhere) == (before[0] + 1, before[1] + 1)
    await bob.send(bob.device.ack(letter))
    again = await reconnected(bob, join)
    await again.nothing_before(alice)
    assert stored(anywhere) == before


async def test_mail_waits_for_who_is_away_and_comes_oldest_first(anywhere: Relay, join: Join) -> None:
    alice, bob = await friends(anywhere, join, "alice", "bob")
    await bob.close()
    letters = [alice.device.mail(bob.device) for _ in range(30)]
    await alice.send(*letters)
    await alice.accepted(*letters)
    later = await join(bob.device)
    await later.receives(*letters)
    await later.close()
    once_more = await join(bob.device)
    await once_more.receives(*letters)
    await once_more.send(bob.device.ack(*letters))
    last = await reconnected(once_more, join)
    await last.nothing_before(alice)


async def test_each_addressed_device_gets_it_and_the_body_goes_with_the_last(
    relay: Relay, join: Join
) -> None:
    alice, phone = await friends(relay, join, "alice", "bob")
    laptop = await join(relay.device("bob"))
    vault = relay.device("bob", "vault")
    before = stored(relay)
    letter = alice.device.mail(phone.device, laptop.device, vault)
    await alice.send(letter)
    await alice.accepted(letter)
    for client in (phone, laptop):
        await client.receives(letter)
        await client.send(client.device.ack(letter))
    await (await reconnected(phone, join)).close()
    await (await reconnected(laptop, join)).close()
    assert stored(relay) == (before[0] + 1, before[1] + 1)
    late = await join(vault)
    await late.receives(letter)
    await late.send(vault.ack(letter))
    await reconnected(late, join)
    assert stored(relay) == before


async def test_the_same_mail_twice_is_accepted_twice_and_kept_once(anywhere: Relay, join: Join) -> None:
    alice, bob = await friends(anywhere, join, "alice", "bob")
    before = stored(anywhere)
    letter = alice.device.mail(bob.device)
    await alice.send(letter, letter)
    await alice.accepted(letter, letter)
    await alice.send(letter)
    await alice.accepted(letter)
    await bob.receives(letter)
    await bob.nothing_before(alice)
    assert stored(anywhere) == (before[0] + 1, before[1] + 1)


async def test_another_letter_under_the_same_id_is_a_replay(anywhere: Relay, join: Join) -> None:
    alice, bob = await friends(anywhere, join, "alice", "bob")
    id = new_id(RANDOM)
    first, second = alice.device.mail(bob.device, id=id), alice.device.mail(bob.device, id=id)
    await alice.send(first)
    await alice.accepted(first)
    await alice.send(second)
    await alice.refused("replay", id)
    await bob.receives(first)
    await bob.nothing_before(alice)


async def test_an_ack_of_what_is_not_there_does_nothing(relay: Relay, join: Join) -> None:
    alice, bob = await friends(relay, join, "alice", "bob")
    letter = alice.device.mail(bob.device)
    await alice.send(letter)
    await alice.accepted(letter)
    await alice.send(alice.device.ack(letter))
    await bob.receives(letter)
    again = await reconnected(bob, join)
    await again.receives(letter)


async def test_an_ack_with_a_bad_signature_drops_nothing(relay: Relay, join: Join) -> None:
    alice, bob = await friends(relay, join, "alice", "bob")
    letter = alice.device.mail(bob.device)
    await alice.send(letter)
    await bob.receives(letter)
    ack = bob.device.ack(letter).wire()
    ack["data"]["ttl"] += 1
    await bob.send(canonical(ack))
    await bob.refused("signature", ack["data"]["id"])
    await (await reconnected(bob, join)).receives(letter)


async def test_devices_that_are_not_listed_are_told_and_the_others_served(
    anywhere: Relay, join: Join
) -> None:
    alice, bob = await friends(anywhere, join, "alice", "bob")
    gone = Device(anywhere, "bob")
    letter = alice.device.mail(bob.device, gone)
    await alice.send(letter)
    error = await alice.refused("unlisted_device", letter.id)
    assert error.data["message"] == gone.id
    await alice.accepted(letter)
    await bob.receives(letter)


async def test_mail_to_nobody_is_told(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    letter = alice.device.mail(Device(anywhere, "nobody"))
    await alice.send(letter)
    await alice.refused("unknown_recipient", letter.id)


@pytest.mark.parametrize(
    ("code", "minutes", "ttl"), [("clock", 6, 60), ("expired", -2, 60), ("expired", -60 * 24 * 31, 2_592_000)]
)
async def test_mail_out_of_its_time_is_told(
    relay: Relay, join: Join, code: str, minutes: int, ttl: int
) -> None:
    alice, bob = await friends(relay, join, "alice", "bob")
    before = stored(relay)
    letter = alice.device.mail(bob.device, now=CLOCK.now() + minutes * MINUTE, ttl=ttl)
    await alice.send(letter)
    await alice.refused(code, letter.id)
    await bob.nothing_before(alice)
    assert stored(relay) == before


async def test_mail_to_one_s_own_devices_is_always_let_in(anywhere: Relay, join: Join) -> None:
    phone, vault = await join(anywhere.device("alice")), await join(anywhere.device("alice", "vault"))
    letter = phone.device.mail(vault.device)
    await phone.send(letter)
    await phone.accepted(letter)
    await vault.receives(letter)


async def test_mail_to_another_site_is_handed_on_before_it_is_accepted(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    carol = Address.make("other.example", 443, "carol")
    letter = alice.device.mail(Device(anywhere, "carol"), address=carol)
    await alice.send(letter)
    await alice.accepted(letter)
    assert letter.raw in anywhere.forwarded()


async def test_a_full_mailbox_refuses_until_its_owner_makes_room(fresh: Make, join: Join) -> None:
    relay = fresh(mailbox_bytes=20_000)
    alice, bob = await friends(relay, join, "alice", "bob")
    letters = [alice.device.mail(bob.device, size=4_000) for _ in range(4)]
    await alice.send(*letters)
    await alice.accepted(*letters[:3])
    await alice.refused("mailbox_full", letters[3].id)
    await bob.receives(*letters[:3])
    await bob.send(bob.device.ack(*letters[:3]))
    bob = await reconnected(bob, join)
    await alice.send(letters[3])
    await alice.accepted(letters[3])
    await bob.receives(letters[3])


async def test_a_full_window_waits_for_acks_and_keeps_the_order(fresh: Make, join: Join) -> None:
    relay = fresh(window_messages=4)
    alice, bob = await friends(relay, join, "alice", "bob")
    letters = [alice.device.mail(bob.device) for _ in range(25)]
    await alice.send(*letters)
    await alice.accepted(*letters)
    await bob.receives(*letters[:4])
    await bob.nothing_before(alice)
    await bob.send(bob.device.ack(letters[1]))
    await bob.receives(letters[4])
    await bob.nothing_before(alice)
    await bob.send(bob.device.ack(*letters[:5]))
    for letter in letters[5:]:
        await bob.receives(letter)
        await bob.send(bob.device.ack(letter))
    bob = await reconnected(bob, join)
    await bob.nothing_before(alice)


async def test_the_window_counts_bytes_too(fresh: Make, join: Join) -> None:
    relay = fresh(window_bytes=15_000)
    alice, bob = await friends(relay, join, "alice", "bob")
    letters = [alice.device.mail(bob.device, size=6_000) for _ in range(4)]
    await alice.send(*letters)
    await alice.accepted(*letters)
    await bob.receives(*letters[:2])
    await bob.nothing_before(alice)
    await bob.send(bob.device.ack(*letters[:2]))
    await bob.receives(*letters[2:])


async def test_nothing_accepted_is_lost_by_a_power_cut(tmp_path: Path, join: Join) -> None:
    """Killed in the middle of a storm of mail; afterwards exactly what was accepted, or sent, is there."""
    relay = Relay(tmp_path / "relay")
    relay.prepare()
    relay.start()
    try:
        alice, bob = await friends(relay, join, "alice", "bob")
        await bob.close()
        letters = [alice.device.mail(bob.device, size=500) for _ in range(3_000)]
        sending = asyncio.ensure_future(alice.send(*letters))
        for letter in letters[:700]:
            await alice.accepted(letter)
        relay.kill()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        accepted = 700 + await more_accepted(alice)
        relay.start()
        later = await join(bob.device)
        for letter in letters[:accepted]:
            await later.receives(letter)
            await later.send(bob.device.ack(letter))
        assert stored(relay)[0] <= 3_000
    finally:
        relay.stop()


async def test_what_lay_for_too_long_is_dropped(fresh: Make, join: Join) -> None:
    relay = fresh()
    alice, bob = await friends(relay, join, "alice", "bob")
    await bob.close()
    old, new = alice.device.mail(bob.device), alice.device.mail(bob.device)
    await alice.send(old)
    await alice.accepted(old)
    relay.stop()
    with sqlite3.connect(f"{relay.folder}/site.sqlite3") as database:
        database.execute("UPDATE signaling_body SET time = time - 31 * 86400000")
    relay.start()
    alice = await join(alice.device)
    await alice.send(new)
    await alice.accepted(new)
    later = await join(bob.device)
    await later.receives(new)
    assert stored(relay) == (1, 1)


async def test_the_mail_of_a_device_that_left_the_list_is_dropped(relay: Relay, join: Join) -> None:
    alice, bob = await friends(relay, join, "alice", "bob")
    lost = relay.device("bob")
    before = stored(relay)
    letter = alice.device.mail(bob.device, lost)
    await alice.send(letter)
    await alice.accepted(letter)
    relay.unlist(lost)
    await relay.call("close_device", lost.id)
    await bob.receives(letter)
    await bob.send(bob.device.ack(letter))
    await reconnected(bob, join)
    assert stored(relay) == before


async def test_many_senders_at_once_all_get_their_word(relay: Relay, join: Join) -> None:
    clients = await friends(relay, join, *(f"member{number}" for number in range(8)))
    hub = clients[0]
    letters = {
        client.device.id: [client.device.mail(hub.device) for _ in range(40)] for client in clients[1:]
    }

    async def one(client: Client) -> None:
        await client.send(*letters[client.device.id])
        await client.accepted(*letters[client.device.id])

    async def receive() -> None:
        waiting = {sender: [letter.raw for letter in sent] for sender, sent in letters.items()}
        while any(waiting.values()):
            env = await hub.next()
            assert waiting[env.from_device].pop(0) == env.raw
            await hub.send(hub.device.ack(env))

    await asyncio.gather(receive(), *(one(client) for client in clients[1:]))
