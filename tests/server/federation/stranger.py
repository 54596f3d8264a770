"""A site played by the test: it has a key, a document that others can fetch, and may say what it likes.

Its HTTP and websocket side is one small server of the `websockets` library; what a page answers the test
decides.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, Self

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import Envelope, make_envelope
from homevault.protocol.handshake import ClientHandshake, ServerHandshake
from homevault.protocol.keys import DhKey, SignKey, sign
from homevault.protocol.ports import SystemClock, SystemRandom
from tests.server.federation.sites import Person

random = SystemRandom()


class Stranger:
    """`key` signs; `shown` is the key its document names (the same unless a test changes it)."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.key = self.shown = SignKey.generate(random)
        self.dh = DhKey.generate(random)
        self.links: list[ServerConnection] = []
        self.received: asyncio.Queue[Any] = asyncio.Queue()
        self.paths: list[str] = []
        self.takes_links = True

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._linked, self.host, 0, process_request=self._page, max_size=None, ping_interval=None
        )
        self.port: int = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def site(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def address(self) -> Address:
        return Address(self.host, self.port, "")

    # --- being asked --------------------------------------------------------------------------

    def _page(self, connection: ServerConnection, request: Request) -> Response | None:
        self.paths.append(request.path)
        if request.path == "/federation/link" and self.takes_links:
            return None
        if request.path != "/.well-known/porchlight":
            return Response(404, HTTPStatus.NOT_FOUND.phrase, Headers({"Content-Length": "0"}), b"")
        body = canonical(self.document())
        return Response(200, "OK", Headers({"Content-Length": str(len(body)), "Connection": "close"}), body)

    def document(self) -> dict[str, Any]:
        document = {"v": 1, "suite": "PL1", "ip": self.host, "port": self.port, "time": 1}
        key = self.shown
        return sign("site-document", {**document, "key": key.public, "dh": self.dh.public}, key)

    async def _linked(self, connection: ServerConnection) -> None:
        handshake = ServerHandshake(self.key, {self.address.origin(False)}, random)
        while not handshake.proven:
            for frame in handshake.receive(await connection.recv(decode=False)):
                await connection.send(frame, text=True)
        assert handshake.hello is not None
        await connection.send(handshake.welcome(handshake.hello.address, [], {}), text=True)
        self.links.append(connection)
        async for raw in connection:
            await self.received.put(orjson.loads(raw))

    # --- asking -------------------------------------------------------------------------------

    async def dial(self, site: Address, **changes: Any) -> ClientConnection:
        """A proven link to a site; `changes` are arguments of the handshake to lie about."""
        connection = await self.open(site)
        await self.prove(connection, site, **changes)
        return connection

    async def open(self, site: Address, **more: Any) -> ClientConnection:
        url = f"ws://{site.host}:{site.port}/federation/link"
        return await connect(url, proxy=None, ping_interval=None, compression=None, **more)

    async def prove(self, connection: ClientConnection, site: Address, **changes: Any) -> None:
        arguments = {
            "key": self.key,
            "role": "site",
            "address": self.address,
            "origin": site.origin(False),
            "random": random,
        }
        handshake = ClientHandshake(**{**arguments, **changes})
        await connection.send(handshake.start(), text=True)
        while handshake.welcome is None:
            reply = handshake.receive(await connection.recv(decode=False))
            if reply is not None:
                await connection.send(reply, text=True)

    def envelope(self, to: Address, type: str, fields: dict[str, Any], **changes: Any) -> Envelope:
        """An envelope of this site; changes: from_, key, from_device, now, ttl, id, to_device."""
        arguments = {
            "from_": self.address,
            "key": self.key,
            "from_device": self.key.public,
            "to_device": None,
            "now": SystemClock().now(),
            "ttl": 600,
            "random": random,
            **changes,
        }
        return make_envelope(to=to, type=type, fields=fields, **arguments)


async def hear(connection: Any) -> Any:
    return orjson.loads(await asyncio.wait_for(connection.recv(), 5))


async def closed(connection: Any) -> int:
    """The code it was closed with; what was said before is read over."""
    async with asyncio.timeout(5):
        while True:
            try:
                await connection.recv()
            except ConnectionClosed as error:
                return error.rcvd.code if error.rcvd else 1006


def member(stranger: Stranger, username: str = "mallory") -> Person:
    return Person(username, stranger.address)
