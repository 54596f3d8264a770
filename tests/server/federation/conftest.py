"""A site in the test's own process: its keys in a temporary folder, nothing allowed until a test allows
it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.core.asgi import get_asgi_application

from federation import budget, inbox, links, outbox, peers, services
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.ops.server import WEBSOCKETS
from tests.server.federation.sites import free_port
from tests.server.federation.stranger import Stranger


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Any:
    """The site is 127.0.0.1:8001, by plain http. Returns Django's settings."""
    found = replace(settings.PORCHLIGHT, data=tmp_path, host="127.0.0.1", port=8001, scheme="http")
    settings.PORCHLIGHT = replace(found, fetch_allow=frozenset())
    settings.ALLOWED_HOSTS = ["*"]
    peers._cooling.clear()
    inbox._recent.clear()
    outbox._back_off._sites.clear()
    budget._left.clear()
    links.reset()
    return settings


@pytest.fixture
def allow(home: Any) -> Callable[..., None]:
    """Adds address and port pairs to FETCH_ALLOW: `allow(("127.0.0.1", 8002))`."""

    def add(*pairs: tuple[str, int]) -> None:
        known = home.PORCHLIGHT.fetch_allow
        home.PORCHLIGHT = replace(home.PORCHLIGHT, fetch_allow=known | frozenset(pairs))

    return add


@dataclass
class Served:
    """This process's site, served on loopback with its services running. `taken` is what its handlers got."""

    address: Address
    taken: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Handlers wait for it with envelopes to the user `slow`."""

    @property
    def url(self) -> str:
        return self.address.origin(secure=False)

    async def take(self, envelope: Any, raw: bytes, site: Any) -> None:
        if envelope.to.username == "nobody":
            raise ProtocolError("unknown_recipient", "nobody")
        if envelope.to.username == "broken":
            raise RuntimeError("a fault of ours")
        if envelope.to.username == "slow":
            await self.gate.wait()
        self.taken.append(envelope)

    def ids(self) -> list[str]:
        return [envelope.id for envelope in self.taken]


@pytest.fixture
async def served(
    home: Any, allow: Callable[..., None], transactional_db: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """Start the site as the ASGI server does; it takes mail, typing, hint and error envelopes."""
    port = free_port()
    home.PORCHLIGHT = replace(home.PORCHLIGHT, port=port)
    home.ROOT_URLCONF = "federation.urls"
    home.ALLOWED_HOSTS = ["*"]
    found = Served(Address("127.0.0.1", port, ""))
    kinds = ("mail", "typing", "hint", "comment-state", "error")
    monkeypatch.setattr(inbox, "_handlers", dict.fromkeys(kinds, found.take))
    monkeypatch.setattr(outbox, "_told", [lambda *args: found.failed.append(args)])
    pages = get_asgi_application()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (links.app if scope["type"] == "websocket" else pages)(scope, receive, send)

    config = uvicorn.Config(
        app,
        "127.0.0.1",
        port,
        lifespan="off",
        log_config=None,
        ws=WEBSOCKETS,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await services.start()
    await server.startup()
    yield found
    await services.stop()
    await server.shutdown()
    links.reset()


@pytest.fixture
async def stranger(allow: Callable[..., None]) -> AsyncIterator[Stranger]:
    async with Stranger() as found:
        allow(found.site)
        yield found


def user(served: Served, username: str = "alice") -> Address:
    return Address(*served.address.site, username)
