"""Two ends of a real websocket on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from homevault.protocol.canonical import LIMIT
from homevault.transport.sync.websocket import WebsocketLink


@asynccontextmanager
async def websocket_pair(one: str, other: str) -> AsyncIterator[tuple[WebsocketLink, WebsocketLink]]:
    """The ends at the devices `one`, which dials, and `other`."""
    accepted: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def accept(socket: ServerConnection) -> None:
        accepted.put_nowait(socket)
        await socket.wait_closed()

    async with serve(accept, "127.0.0.1", 0, max_size=LIMIT, close_timeout=1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", max_size=LIMIT, close_timeout=1, proxy=None) as socket:
            yield WebsocketLink(socket, other), WebsocketLink(await accepted.get(), one)
