"""Who is let in, and with which close code the others are not (SPEC 6.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.handshake import ClientHandshake
from homevault.protocol.keys import SignKey
from tests.server.signaling.conftest import Join
from tests.server.signaling.world import CLOCK, RANDOM, Device, Relay, running, shake_hands


def hello(device: Device, **changes: Any) -> bytes:
    """The first frame, with members of its data changed."""
    first = ClientHandshake(device.key, "device", device.address, device.relay.origin, RANDOM).start()
    frame = json.loads(first)
    frame["data"].update(changes)
    return canonical(frame)


async def ending(socket: ClientConnection) -> tuple[str, int]:
    """(code of the error frame, close code) with which the relay ends it."""
    frame = json.loads(await socket.recv())
    assert frame["type"] == "error"
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd
    return frame["data"]["code"], closed.value.rcvd.code


async def refused(device: Device, first: bytes) -> tuple[str, int]:
    socket = await device.relay.dial()
    await socket.send(first, text=True)
    return await ending(socket)


async def test_a_listed_device_is_welcome_and_told_the_limits(anywhere: Relay, join: Join) -> None:
    alice = await join(anywhere.device("alice"))
    welcome = alice.shake.welcome
    assert welcome is not None
    assert welcome.address == alice.device.address
    assert welcome.slot is None
    assert {"mail", "typing"} <= set(welcome.capabilities)
    assert welcome.limits["mailbox_bytes"] == 1_000_000_000
    assert welcome.limits["mailbox_days"] == 30
    assert welcome.limits["message_bytes"] == 65_536


@pytest.mark.parametrize(
    ("changes", "code", "close"),
    [
        ({"v": 2}, "unsupported_version", 4400),
        ({"nonce": "short"}, "encoding", 4400),
        ({"extra": 1}, "schema", 4400),
        ({"role": "king"}, "schema", 4400),
        ({"role": "site"}, "schema", 4400),
        ({"origin": "https://elsewhere.example"}, "refused", 4403),
        ({"address": {"ip": "localhost", "port": 1, "username": ""}}, "schema", 4400),
        ({"address": {"ip": "LOCALHOST", "port": 1, "username": "alice"}}, "address", 4400),
        ({"address": {"ip": "localhost", "port": 1, "username": "nobody"}}, "refused", 4403),
    ],
)
async def test_a_bad_hello_is_named_and_refused(
    relay: Relay, changes: dict[str, Any], code: str, close: int
) -> None:
    assert await refused(relay.device("alice"), hello(relay.device("alice"), **changes)) == (code, close)


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        (b"", "json_syntax", 4400),
        (b"{", "json_syntax", 4400),
        (b'{"type":"hello"}', "schema", 4400),
        (b'{ "type":"hello","data":{}}', "json_not_canonical", 4400),
        (b'{"data":{"sig":"' + b"A" * 86 + b'"},"type":"proof"}', "schema", 4400),
        (b'{"data":"' + b"x" * 9000 + b'"}', "json_too_large", 4413),
    ],
)
async def test_what_is_no_hello_is_refused(anywhere: Relay, first: bytes, code: str, close: int) -> None:
    assert await refused(anywhere.device("alice"), first) == (code, close)


async def test_a_binary_hello_is_refused(anywhere: Relay) -> None:
    socket = await anywhere.dial()
    await socket.send(hello(anywhere.device("alice")), text=False)
    assert await ending(socket) == ("schema", 4400)


async def test_a_device_that_is_not_listed_is_refused(anywhere: Relay) -> None:
    anywhere.device("alice")
    stranger = Device(anywhere, "alice")
    assert await refused(stranger, hello(stranger)) == ("refused", 4403)


async def test_a_proof_by_another_key_proves_nothing(anywhere: Relay) -> None:
    alice = anywhere.device("alice")
    socket = await anywhere.dial()
    shake = ClientHandshake(alice.key, "device", alice.address, anywhere.origin, RANDOM)
    await socket.send(shake.start(), text=True)
    shake._key = SignKey.generate(RANDOM)
    proof = shake.receive(await socket.recv(decode=False))
    assert proof is not None
    await socket.send(proof, text=True)
    assert await ending(socket) == ("not_proven", 4401)


async def test_a_proof_made_for_another_socket_proves_nothing(relay: Relay) -> None:
    """The nonces of both sides are in it, so that it cannot be replayed."""
    alice = relay.device("alice")
    first, second = await relay.dial(), await relay.dial()
    shake = ClientHandshake(alice.key, "device", alice.address, relay.origin, RANDOM)
    for socket in (first, second):
        await socket.send(shake.start(), text=True)
    proof = shake.receive(await first.recv(decode=False))
    assert proof is not None
    await second.recv()
    await second.send(proof, text=True)
    assert await ending(second) == ("not_proven", 4401)


async def test_a_browser_needs_its_session_and_this_origin(anywhere: Relay) -> None:
    alice = anywhere.device("alice")
    mine = {"Cookie": "session=alice"}
    client = await alice.connect(origin=anywhere.origin, additional_headers=mine)
    await client.close()
    for cookie in ({}, {"Cookie": "session=bob"}, {"Cookie": "=;;{"}):
        socket = await anywhere.dial(origin=anywhere.origin, additional_headers=cookie)
        await socket.send(hello(alice), text=True)
        assert await ending(socket) == ("refused", 4403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost"])
async def test_another_origin_gets_no_websocket(anywhere: Relay, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await anywhere.dial(origin=origin, additional_headers={"Cookie": "session=alice"})
    assert refused.value.response.status_code == 403


async def test_the_newer_socket_of_a_device_replaces_the_older(anywhere: Relay, join: Join) -> None:
    alice, bob = anywhere.device("alice"), await join(anywhere.device("bob"))
    first = await join(alice)
    second = await join(alice)
    assert await first.closed() == 4409
    word = bob.device.typing(alice)
    await bob.send(word)
    await second.receives(word)


async def test_two_devices_of_a_member_stay_both(anywhere: Relay, join: Join) -> None:
    phone, laptop = await join(anywhere.device("alice")), await join(anywhere.device("alice"))
    await phone.nothing_before(laptop)
    await laptop.nothing_before(phone)


async def test_who_says_nothing_is_shown_out(fresh: Any) -> None:
    relay = fresh(handshake_seconds=1)
    socket = await relay.dial()
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd.code == 4408


async def test_an_address_has_only_so_many_sockets(fresh: Any, join: Join) -> None:
    relay = fresh(address_sockets=2)
    alice = relay.device("alice")
    kept = [await join(relay.device("bob")), await join(relay.device("bob"))]
    assert (await ending(await relay.dial())) == ("too_many", 4429)
    await kept.pop().close()
    await join(alice)


async def test_an_address_has_only_so_many_sockets_before_their_proof(fresh: Any, join: Join) -> None:
    relay = fresh(address_unproven=1)
    waiting = await relay.dial()
    assert (await ending(await relay.dial())) == ("too_many", 4429)
    await shake_hands(relay.device("alice"), waiting)
    await join(relay.device("bob"))


async def test_the_site_has_only_so_many_sockets(fresh: Any, join: Join) -> None:
    relay = fresh(sockets=1)
    first = await join(relay.device("alice"))
    assert (await ending(await relay.dial())) == ("too_many", 4429)
    await first.close()
    await join(relay.device("bob"))


async def test_a_dead_socket_is_removed(tmp_path: Any) -> None:
    relay = Relay(tmp_path / "relay", extra={"RELAY_PING": "0.2"})
    relay.prepare()
    relay.start()
    try:
        alice = await relay.device("alice").connect(ping_interval=None)
        assert await relay.call("online", alice.device.id) == "True"
        alice.socket.transport.pause_reading()
        deadline = CLOCK.now() + 10_000
        while await relay.call("online", alice.device.id) == "True":
            assert CLOCK.now() < deadline
    finally:
        relay.stop()


async def test_a_site_may_not_come_in_here(relay: Relay) -> None:
    key = SignKey.generate(RANDOM)
    shake = ClientHandshake(key, "site", Address.make("other.example", 443), relay.origin, RANDOM)
    socket = await relay.dial()
    await socket.send(shake.start(), text=True)
    assert await ending(socket) == ("refused", 4403)


async def test_the_relay_listens_while_others_shake_hands(tmp_path_factory: Any) -> None:
    """A hundred at once, on a relay that starts with none."""
    with running(tmp_path_factory.mktemp("relay"), address_unproven=200) as relay:
        import asyncio

        devices = [relay.device(f"member{number % 10}") for number in range(100)]
        clients = await asyncio.gather(*(device.connect() for device in devices))
        assert len({client.device.id for client in clients}) == 100
        for client in clients:
            await client.close()
