"""Members who write to each other through a relay, for its tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tests.server.signaling.conftest import Join
from tests.server.signaling.world import Client, Device, Relay

Make = Callable[..., Relay]


def stored(relay: Relay) -> tuple[int, int]:
    """How many bodies and rows the relay holds."""
    with sqlite3.connect(f"file:{relay.folder}/site.sqlite3?mode=ro", uri=True) as database:
        (bodies,) = database.execute("SELECT count(*) FROM signaling_body").fetchone()
        (rows,) = database.execute("SELECT count(*) FROM signaling_row").fetchone()
    return bodies, rows


async def friends(relay: Relay, join: Join, *names: str) -> list[Client]:
    """Connected devices of members who have all written to each other's members."""
    clients = [await join(relay.device(name)) for name in names]
    for one in clients:
        for other in clients:
            if one.device.username != other.device.username:
                await befriend(one, other.device)
    return clients


async def befriend(one: Client, other: Device) -> None:
    """`one` writes to a device `other` has not: from now on the other's account may answer."""
    word = one.device.mail(Device(one.device.relay, other.username))
    await one.send(word)
    await one.refused("unlisted_device", word.id)


async def reconnected(client: Client, join: Join) -> Client:
    """A new socket of the same device, after everything it sent on the old one was handled."""
    ask = client.device.to_site("keys", {"address": client.device.address.wire(), "claim": False})
    await client.send(ask)
    while (await client.next()).type != "keys-result":
        pass
    await client.close()
    return await join(client.device)


async def more_accepted(client: Client) -> int:
    """How many more `accepted` had left before the relay died."""
    count = 0
    try:
        while True:
            await client.expect("accepted")
            count += 1
    except Exception:
        return count
