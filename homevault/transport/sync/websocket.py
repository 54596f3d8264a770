"""A FrameLink on a websocket whose ends have proved their device keys already."""

from __future__ import annotations

from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed

from homevault.protocol.canonical import LIMIT
from homevault.protocol.ports import LinkClosed


class WebsocketLink:
    """`socket` must refuse messages over 65,536 bytes (`max_size`)."""

    def __init__(self, socket: Connection, peer: str) -> None:
        self._socket = socket
        self.peer = peer

    async def send(self, frame: bytes) -> None:
        if len(frame) > LIMIT:
            raise ValueError("larger than a frame may be")
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise LinkClosed from error

    async def receive(self) -> bytes:
        try:
            return await self._socket.recv(decode=False)
        except ConnectionClosed as error:
            raise LinkClosed from error

    async def close(self) -> None:
        await self._socket.close()
