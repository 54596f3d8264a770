"""Opening a link to another site: guarded, pinned, mutually proven (SPEC 6.3).

The site's document is asked first if its key is not known yet. The websocket goes to the very address that
was checked; TLS and Host name the site. If the site proves another key than the pinned one, its document is
asked again, and where signed rotations lead to the new key, it is dialled once more.
"""

from __future__ import annotations

import asyncio
from typing import Any

from federation import fetch, guard, here, peers, sitekey
from federation.here import Site
from federation.inbox import Peer
from federation.link import Socket
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import LIMIT
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import CLOSE_BAD_INPUT, ClientHandshake
from homevault.protocol.ports import SystemRandom

PATH = "/federation/link"
SECONDS = 12.0
PING_SECONDS = 20.0
CLOSE_SECONDS = 1.0


class ClientSocket:
    """A websocket that this site opened."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def receive(self) -> bytes | None:
        from websockets.exceptions import ConnectionClosed

        try:
            return bytes(await self._connection.recv(decode=False))
        except ConnectionClosed:
            return None

    async def send(self, data: bytes) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(data, text=True)
        except ConnectionClosed as error:
            raise ConnectionError("closed") from error

    async def close(self, code: int) -> None:
        await self._connection.close(code)


async def connect(site: Site) -> tuple[Peer, Socket]:
    """A proven websocket to a site. Raises ProtocolError."""
    if site == here.site():
        raise ProtocolError("refused", "this very site")
    try:
        async with asyncio.timeout(SECONDS):
            return await _connect_or_follow(site)
    except TimeoutError as error:
        raise ProtocolError("unreachable", "too slow") from error


async def _connect_or_follow(site: Site) -> tuple[Peer, Socket]:
    key = await peers.key_of(site)
    try:
        return await _connect(site, key)
    except ProtocolError as error:
        if error.code != "not_proven":
            raise
        await peers.recheck(site)
        newer = await peers.key_of(site)
        if newer == key:
            raise
    return await _connect(site, newer)


async def _connect(site: Site, key: str) -> tuple[Peer, Socket]:
    from websockets.exceptions import WebSocketException

    target = await guard.find(*site)
    origin = Address(*site, "").origin(not target.plain)
    try:
        socket = ClientSocket(await _open(target, origin))
    except (OSError, ValueError, WebSocketException) as error:
        raise ProtocolError("unreachable", str(error)[:120]) from error
    try:
        await _prove(socket, origin, key)
    except BaseException:
        await socket.close(CLOSE_BAD_INPUT)
        raise
    return Peer(site, key), socket


async def _open(target: guard.Target, origin: str) -> Any:
    from websockets.asyncio.client import connect as open_websocket

    sock = await guard.connect(target)
    try:
        return await open_websocket(
            origin.replace("http", "ws", 1) + PATH,
            sock=sock,
            ssl=None if target.plain else fetch.tls(),
            proxy=None,
            compression=None,
            max_size=LIMIT,
            open_timeout=SECONDS,
            ping_interval=PING_SECONDS,
            close_timeout=CLOSE_SECONDS,
            user_agent_header=fetch.user_agent(),
        )
    except BaseException:
        sock.close()
        raise


async def _prove(socket: Socket, origin: str, key: str) -> None:
    handshake = ClientHandshake(
        sitekey.current().sign, "site", here.address(), origin, SystemRandom(), expected_server_key=key
    )
    await socket.send(handshake.start())
    while handshake.welcome is None:
        frame = await socket.receive()
        if frame is None:
            raise ProtocolError("unreachable", "closed in the handshake")
        reply = handshake.receive(frame)
        if reply is not None:
            await socket.send(reply)
