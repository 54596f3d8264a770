"""Nobody makes the relay grow: slow receivers, fast senders, floods of nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed

from signaling.wire import PlainWire
from tests.server.signaling.conftest import Join
from tests.server.signaling.world import CLOCK, Client, Relay

Make = Callable[..., Relay]
UNHURRIED = {
    "socket_message_rate": 10**6,
    "socket_message_burst": 10**6,
    "socket_byte_rate": 10**9,
    "socket_byte_burst": 10**9,
    "address_message_rate": 10**6,
    "address_message_burst": 10**6,
    "address_byte_rate": 10**9,
    "address_byte_burst": 10**9,
}


def resident(relay: Relay) -> int:
    """Bytes of memory the relay holds."""
    assert relay.process is not None
    return int(Path(f"/proc/{relay.process.pid}/statm").read_text().split()[1]) * 4096


async def drain(client: Client) -> None:
    try:
        while True:
            await client.socket.recv()
    except ConnectionClosed:
        pass


async def test_a_receiver_that_does_not_read_is_ended_and_costs_little(fresh: Make, join: Join) -> None:
    relay = fresh(**UNHURRIED)
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    fields = {"ref": None, "code": "busy", "message": "m" * 1000}
    word = alice.device.envelope("error", bob.device.address, fields, to_device=bob.device.id)
    before = resident(relay)
    bob.socket.transport.pause_reading()
    deadline = CLOCK.now() + 20_000
    while await relay.call("online", bob.device.id) == "True":
        assert CLOCK.now() < deadline
        await alice.send(*[word] * 1_000)
    assert resident(relay) - before < 8_000_000
    again = await join(bob.device)
    await again.nothing_before(alice)


async def test_a_slow_receiver_is_noticed_on_any_server() -> None:
    """Where only the ASGI calls are there: nothing is sent while the last send still waits."""
    sent: list[str] = []
    gate, over = asyncio.Event(), asyncio.Event()
    fulls: list[bool] = []

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        await gate.wait()
        sent.append(message.get("text", message["type"]))
        if message["type"] == "websocket.close":
            over.set()

    wire = PlainWire(receive, send)
    listening = asyncio.ensure_future(wire.listen(print, print, lambda: fulls.append(True)))
    await asyncio.sleep(0)
    for _ in range(16):
        wire.write(b"x" * 65_536)
    assert not fulls
    wire.write(b"x")
    assert fulls
    wire.end(4429)
    wire.write(b"too late")
    gate.set()
    await asyncio.wait_for(over.wait(), 10)
    assert len(sent) == 18
    assert sent[-2:] == ["x", "websocket.close"]
    listening.cancel()


async def test_mail_does_not_flood_a_receiver_that_does_not_read(fresh: Make, join: Join) -> None:
    relay = fresh(**UNHURRIED)
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    answer = bob.device.mail(alice.device, type="request")
    await bob.send(answer)
    await bob.accepted(answer)
    await alice.receives(answer)
    bob.socket.transport.pause_reading()
    letters = [alice.device.mail(bob.device, size=30_000) for _ in range(100)]
    await alice.send(*letters)
    await alice.accepted(*letters)
    assert await relay.call("online", bob.device.id) == "True"
    bob.socket.transport.resume_reading()
    for letter in letters:
        await bob.receives(letter)
        await bob.send(bob.device.ack(letter))


async def test_more_than_the_rate_is_refused_and_then_the_socket_goes(fresh: Make, join: Join) -> None:
    relay = fresh(socket_message_rate=1, socket_message_burst=20, errors_burst=5)
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    words = [alice.device.typing(bob.device) for _ in range(30)]
    await alice.send(*words[:20])
    await bob.receives(*words[:20])
    await alice.send(*words[20:25])
    for word in words[20:25]:
        await alice.refused("too_many", word.id)
    await alice.send(*words[25:])
    assert await alice.closed() == 4429


async def test_the_rate_counts_bytes(fresh: Make, join: Join) -> None:
    relay = fresh(socket_byte_rate=1, socket_byte_burst=5_000)
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    fields = {"ref": None, "code": "busy", "message": "m" * 1000}
    words = [
        alice.device.envelope("error", bob.device.address, fields, to_device=bob.device.id) for _ in range(6)
    ]
    await alice.send(*words)
    await bob.receives(*words[:3])
    assert (await alice.expect("error")).data["code"] == "too_many"


async def test_the_sockets_of_an_address_share_its_rate(fresh: Make, join: Join) -> None:
    relay = fresh(address_message_rate=1, address_message_burst=70)
    alice, carol, bob = [await join(relay.device(name)) for name in ("alice", "carol", "bob")]
    words = [alice.device.typing(bob.device) for _ in range(60)]
    await alice.send(*words)
    await bob.receives(*words)
    more = [carol.device.typing(bob.device) for _ in range(8)]
    await carol.send(*more)
    await carol.refused("too_many", more[6].id)


async def test_tokens_come_back(fresh: Make, join: Join) -> None:
    relay = fresh(socket_message_rate=50, socket_message_burst=5, errors_burst=1000)
    alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
    receiving = asyncio.ensure_future(drain(alice))
    deadline = CLOCK.now() + 10_000
    received = 0
    while received < 60:
        assert CLOCK.now() < deadline
        await alice.send(alice.device.typing(bob.device))
        try:
            async with asyncio.timeout(0.02):
                await bob.next()
            received += 1
        except TimeoutError:
            continue
    receiving.cancel()


async def test_a_flood_of_nonsense_ends_the_socket(anywhere: Relay, join: Join) -> None:
    alice, bob = await join(anywhere.device("alice")), await join(anywhere.device("bob"))
    receiving = asyncio.ensure_future(alice.closed())
    with contextlib.suppress(ConnectionClosed):
        await alice.send(*[b"nonsense"] * 200)
    assert await receiving == 4429
    await bob.nothing_before(await join(anywhere.device("alice")))


async def test_a_sender_waits_while_its_mail_is_committed(relay: Relay, join: Join) -> None:
    """More than the relay takes at once: all of it is answered, in order."""
    alice, vault = await join(relay.device("alice")), await join(relay.device("alice", "vault"))
    letters = [alice.device.mail(vault.device) for _ in range(1_000)]
    sending = asyncio.ensure_future(alice.send(*letters))
    await alice.accepted(*letters)
    await sending


async def test_pings_without_end_cost_little(relay: Relay) -> None:
    """From somebody who never reads the pongs, nor proves who he is."""
    socket = await relay.dial(ping_interval=None)
    before = resident(relay)
    socket.transport.pause_reading()
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(3):
            while True:
                await socket.ping(os.urandom(125))
    assert resident(relay) - before < 8_000_000
    socket.transport.abort()
