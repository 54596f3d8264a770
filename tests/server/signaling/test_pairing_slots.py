"""Slots of waiting vaults: who may say what to whom before there is an account (SPEC 4.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from homevault.protocol.addresses import Address
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from tests.server.signaling.conftest import Join
from tests.server.signaling.world import CLOCK, Client, Device, Relay, shake_hands

Make = Callable[..., Relay]


async def vault(relay: Relay) -> Client:
    """A waiting vault's socket."""
    return await shake_hands(Device(relay, ""), await relay.dial(), "pairing")


def slot_of(client: Client) -> str:
    assert client.shake.welcome is not None
    assert client.shake.welcome.slot is not None
    return client.shake.welcome.slot


def pair(sender: Device, to: Address, slot: str, to_device: str | None = None, **options: Any) -> Envelope:
    fields = {"slot": slot, "step": "open", "payload": {"v": 1}}
    return sender.envelope("pair", to, fields, to_device=to_device, **options)


async def test_a_waiting_vault_has_a_slot_and_is_listed_until_it_leaves(anywhere: Relay) -> None:
    first, second = await vault(anywhere), await vault(anywhere)
    slots = [slot_of(first), slot_of(second)]
    assert len(set(slots)) == 2
    assert (await anywhere.call("waiting")).split() == slots
    await first.close()
    await until(anywhere, slots[1:])
    await second.close()
    await until(anywhere, [])


async def until(relay: Relay, slots: list[str]) -> None:
    deadline = CLOCK.now() + 10_000
    while (await relay.call("waiting")).split() != slots:
        assert CLOCK.now() < deadline


async def test_a_device_and_a_waiting_vault_talk_in_both_directions(anywhere: Relay, join: Join) -> None:
    alice, box = await join(anywhere.device("alice", "member")), await vault(anywhere)
    ask = pair(alice.device, anywhere.address, slot_of(box))
    await alice.send(ask)
    await box.receives(ask)
    answer = pair(box.device, alice.device.address, slot_of(box), alice.device.id)
    await box.send(answer)
    await alice.receives(answer)
    await box.close()


async def test_root_devices_hear_that_somebody_waits(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    box = await vault(anywhere)
    assert (await alice.expect("changed")).data["topic"] == "vaults"
    await box.close()


async def test_a_slot_that_nobody_has_is_refused(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice", "member"))
    ask = pair(alice.device, anywhere.address, b64encode(bytes(16)))
    await alice.send(ask)
    await alice.refused("refused", ask.id)


async def test_a_waiting_vault_says_nothing_to_who_did_not_ask(relay: Relay, join: Join) -> None:
    alice, bob = await join(relay.device("alice", "member")), await join(relay.device("bob", "member"))
    box, other = await vault(relay), await vault(relay)
    ask = pair(alice.device, relay.address, slot_of(box))
    await alice.send(ask)
    await box.receives(ask)
    to = alice.device
    said = [
        (box, pair(box.device, bob.device.address, slot_of(box), bob.device.id), "refused"),
        (box, pair(box.device, to.address, slot_of(other), to.id), "refused"),
        (box, pair(box.device, to.address, slot_of(box)), "refused"),
        (other, pair(other.device, to.address, slot_of(other), to.id), "refused"),
        (box, pair(other.device, to.address, slot_of(box), to.id), "wrong_sender"),
        (box, pair(box.device, to.address, slot_of(box), to.id, from_=to.address), "wrong_sender"),
    ]
    for client, envelope, code in said:
        await client.send(envelope)
        await client.refused(code, envelope.id)
    await alice.nothing_before(bob)
    await bob.nothing_before(alice)
    for client in (box, other):
        await client.close()


async def test_a_waiting_vault_may_not_mail_or_ask(relay: Relay, join: Join) -> None:
    alice, box = await join(relay.device("alice", "member")), await vault(relay)
    fields = {"ref": None, "code": "busy", "message": ""}
    word = box.device.envelope("error", alice.device.address, fields, to_device=alice.device.id)
    await box.send(word, b"nonsense")
    await box.refused("refused", word.id)
    await box.refused("json_syntax")
    await box.socket.send(b"binary", text=False)
    await box.refused("schema")
    await alice.nothing_before(await join(relay.device("bob", "member")))
    await box.close()


async def test_an_address_has_only_so_many_waiting_vaults(fresh: Make) -> None:
    relay = fresh(address_pairing=1)
    first = await vault(relay)
    socket = await relay.dial()
    with pytest.raises(ProtocolError, match="too_many"):
        await shake_hands(Device(relay, ""), socket, "pairing")
    await first.close()
    await until(relay, [])
    await (await vault(relay)).close()


async def test_only_its_own_member_hears_of_a_waiting_browser(anywhere: Relay) -> None:
    headers = {"Origin": anywhere.origin, "Cookie": "session=alice"}
    browser = await anywhere.dial(additional_headers=headers)
    slot = slot_of(await shake_hands(Device(anywhere, ""), browser, "pairing"))
    assert await anywhere.call("waiting") == await anywhere.call("waiting", "bob") == ""
    assert await anywhere.call("waiting", "alice") == slot
