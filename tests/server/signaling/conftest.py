"""A relay a module, on both servers, and devices of its members."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.signaling.world import Client, Device, Relay, running


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def anywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay on either server."""
    with running(tmp_path_factory.mktemp("relay"), request.param) as relay:
        yield relay


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay on uvicorn, as sites run it."""
    with running(tmp_path_factory.mktemp("relay")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[..., Relay]]:
    """Makes and starts relays of one's own: `fresh(mailbox_bytes=…)`."""
    made: list[Relay] = []

    def make(name: str = "relay", **limits: int) -> Relay:
        one = Relay(tmp_path / name, limits=limits)
        one.prepare()
        one.start()
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()


Join = Callable[..., Awaitable[Client]]


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Connects devices for the length of a test."""
    clients: list[Client] = []

    async def connect(device: Device, **options: Any) -> Client:
        clients.append(await device.connect(**options))
        return clients[-1]

    yield connect
    for client in clients:
        await client.close()
