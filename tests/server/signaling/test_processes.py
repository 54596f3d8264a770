"""Several processes of one site share the database, and Redis tells each what the others have for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.redis_server import needs_redis, redis_server
from tests.server.signaling.conftest import Join
from tests.server.signaling.test_pairing_slots import pair, slot_of, vault
from tests.server.signaling.world import Device, Relay, free_port

pytestmark = needs_redis


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(scope="module")
def two(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Relay, Relay]]:
    """Two processes of one site. The members know it by the first one's port."""
    folder = tmp_path_factory.mktemp("site")
    first = Relay(folder, extra={"REDIS_URL": redis_url})
    first.prepare()
    first.start()
    second = SecondProcess(folder, extra=first.extra, members=first.members, key=first.key)
    second.site_port = first.port
    second.start()
    yield first, second
    first.stop()
    second.stop()


class SecondProcess(Relay):
    """Listens at its own port and is the site of another."""

    site_port = 0

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "RELAY_PORT": str(self.site_port)}


def at(relay: Relay, device: Device) -> Device:
    """The same device, dialling the process `relay` but believing in its site's address."""
    return Through(device.relay, device.username, device.key, through=relay)


class Through(Device):
    def __init__(self, *args: object, through: Relay) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.through = through

    async def connect(self, **options: object):  # type: ignore[no-untyped-def]
        from tests.server.signaling.world import shake_hands

        return await shake_hands(self, await self.through.dial(**options))


Two = tuple[Relay, Relay]


async def test_live_crosses(two: Two, join: Join) -> None:
    alice, bob = await join(two[0].device("alice")), await join(at(two[1], two[0].device("bob")))
    there, back = alice.device.typing(bob.device), bob.device.typing(alice.device)
    await alice.send(there)
    await bob.receives(there)
    await bob.send(back)
    await alice.receives(back)


async def test_mail_crosses(two: Two, join: Join) -> None:
    alice, bob = await join(two[0].device("alice")), await join(at(two[1], two[0].device("bob")))
    ask = alice.device.mail(bob.device, type="request")
    await alice.send(ask)
    await alice.accepted(ask)
    await bob.receives(ask)
    answers = [bob.device.mail(alice.device) for _ in range(200)]
    await bob.send(*answers)
    await bob.accepted(*answers)
    for answer in answers:
        await alice.receives(answer)
        await alice.send(alice.device.ack(answer))


async def test_the_newer_socket_replaces_the_one_at_the_other_process(two: Two, join: Join) -> None:
    device = two[0].device("alice")
    older = await join(device)
    newer = await join(at(two[1], device))
    assert await older.closed() == 4409
    await newer.nothing_before(await join(two[0].device("bob")))


async def test_the_site_reaches_devices_at_either_process(two: Two, join: Join) -> None:
    one, other = await join(two[0].device("erin")), await join(at(two[1], two[0].device("erin")))
    await two[0].call("push_site", "erin", "timeline")
    for client in (one, other):
        assert (await client.expect("changed")).data["topic"] == "timeline"
    for relay in two:
        assert await relay.call("online", other.device.id) == "True"
    await two[0].call("close_device", other.device.id)
    assert await other.closed() == 4403


async def test_a_login_that_ends_at_one_process_takes_its_sockets_at_the_other(two: Two, join: Join) -> None:
    cookie = {"origin": two[0].origin, "additional_headers": {"Cookie": "session=frank"}}
    browser = await join(at(two[1], two[0].device("frank")), **cookie)
    box = await join(two[0].device("frank", "vault"))
    await two[0].call("end_session", "frank", "another")
    await two[0].call("end_session", "frank", "frank")
    assert await browser.closed() == 4401
    await two[0].call("push_site", "frank", "timeline")
    assert (await box.expect("changed")).data["topic"] == "timeline"


async def test_a_vault_waits_at_the_other_process(two: Two, join: Join) -> None:
    alice, box = await join(at(two[1], two[0].device("alice", "member"))), await vault(two[0])
    assert slot_of(box) in (await two[1].call("waiting")).split()
    ask = pair(alice.device, two[0].address, slot_of(box))
    await alice.send(ask)
    await box.receives(ask)
    answer = pair(box.device, alice.device.address, slot_of(box), alice.device.id)
    await box.send(answer)
    await alice.receives(answer)
    await box.close()


async def test_sockets_of_one_process_go_on_without_redis(redis_url: str, tmp_path: Path, join: Join) -> None:
    relay = Relay(tmp_path / "site", extra={"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"})
    relay.prepare()
    relay.start()
    try:
        alice, bob = await join(relay.device("alice")), await join(relay.device("bob"))
        ask = alice.device.mail(bob.device, type="request")
        await alice.send(ask, alice.device.typing(relay.device("bob")))
        await alice.accepted(ask)
        await bob.receives(ask)
        await bob.nothing_before(alice)
    finally:
        relay.stop()
