"""One proven websocket: dialling, the handshake, frames in and out."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import LIMIT
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import (
    CLOSE_BAD_INPUT,
    CLOSE_NOT_PROVEN,
    ClientHandshake,
    Role,
    Welcome,
)
from homevault.protocol.keys import SignKey
from homevault.protocol.ports import Random
from homevault.transport.relay.origin import Origin

OPEN_SECONDS = 20.0
HEARTBEAT_SECONDS = 20.0
WAITING_FRAMES = 64


class LinkError(Exception):
    """The link could not be had or ended. `code` is `unreachable`, `tls`, `closed` or a code of SPEC 9."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Dial:
    """Where to, and as whom. `site_key` None takes whatever key the site proves: only before pairing."""

    origin: Origin
    role: Role
    address: Address
    site_key: str | None


class Link:
    """A websocket on which both sides have proved their keys."""

    def __init__(self, socket: ClientConnection, welcome: Welcome, site_key: str) -> None:
        self._socket = socket
        self.welcome = welcome
        self.site_key = site_key

    async def send(self, raw: bytes) -> None:
        """Send one envelope; raises LinkError when the link is gone."""
        try:
            await self._socket.send(raw, text=True)
        except ConnectionClosed as error:
            raise _closed(error) from error

    async def frames(self) -> AsyncIterator[bytes]:
        """Frames as they come, without end; raises LinkError when the link is gone."""
        while True:
            try:
                yield await self._socket.recv(decode=False)
            except ConnectionClosed as error:
                raise _closed(error) from error

    async def close(self) -> None:
        await self._socket.close()


async def open_link(dial: Dial, key: SignKey, random: Random) -> Link:
    """Dial, prove and be proven to; raises LinkError."""
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            socket = await _connect(dial.origin)
            try:
                return await _shake_hands(socket, dial, key, random)
            except BaseException as error:
                await socket.close(_close_code(error))
                raise
    except ProtocolError as error:
        raise LinkError(error.code, error.detail) from error
    except ConnectionClosed as error:
        raise _closed(error) from error
    except ssl.SSLError as error:
        raise LinkError("tls", error.reason or str(error)) from error
    except InvalidStatus as error:
        raise LinkError("unreachable", f"HTTP {error.response.status_code}") from error
    except (OSError, TimeoutError, InvalidHandshake, EOFError) as error:
        raise LinkError("unreachable", type(error).__name__) from error


async def _connect(origin: Origin) -> ClientConnection:
    return await connect(
        origin.socket_url,
        ssl=ssl.create_default_context() if origin.secure else None,
        proxy=None if origin.loopback else True,
        compression=None,
        max_size=LIMIT,
        max_queue=WAITING_FRAMES,
        ping_interval=HEARTBEAT_SECONDS,
        ping_timeout=HEARTBEAT_SECONDS,
        open_timeout=OPEN_SECONDS,
        close_timeout=2,
        user_agent_header="homevault",
    )


async def _shake_hands(socket: ClientConnection, dial: Dial, key: SignKey, random: Random) -> Link:
    handshake = ClientHandshake(key, dial.role, dial.address, dial.origin.text, random, dial.site_key)
    await socket.send(handshake.start(), text=True)
    while handshake.welcome is None:
        answer = handshake.receive(await socket.recv(decode=False))
        if answer is not None:
            await socket.send(answer, text=True)
    assert handshake.server_key is not None
    return Link(socket, handshake.welcome, handshake.server_key)


def _close_code(error: BaseException) -> int:
    if isinstance(error, ProtocolError):
        return CLOSE_NOT_PROVEN if error.code == "not_proven" else CLOSE_BAD_INPUT
    return 1001


def _closed(error: ConnectionClosed) -> LinkError:
    frame = error.rcvd
    return LinkError("closed", f"{frame.code} {frame.reason}".strip() if frame else "without a word")
