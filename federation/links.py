"""Links between sites (SPEC 6.3, 6.4): the websocket endpoint, and sending without caring whether there is
one.

`app` is the ASGI callable of `/federation/link`. A site that dials in proves its key; the key must be the
pinned one of the site it says it is, or that site's document must name it. `request` is for mail (it waits
for `accepted`), `send_live` for the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from federation import blocks, here, peers, post, services, sitekey
from federation.here import Site
from federation.inbox import Peer
from federation.link import Link
from federation.linkset import LinkSet
from homevault.protocol.canonical import LIMIT
from homevault.protocol.errors import CODES, ProtocolError
from homevault.protocol.handshake import (
    CLOSE_BAD_INPUT,
    CLOSE_NOT_PROVEN,
    CLOSE_REFUSED,
    CLOSE_TOO_MANY,
    CLOSE_TOO_SLOW,
    ServerHandshake,
    refusal,
)
from homevault.protocol.ports import SystemRandom

log = logging.getLogger(__name__)
HANDSHAKE_SECONDS = 10.0
UNPROVEN = 32
SEND_SECONDS = 45.0
LIMITS = {"envelope": LIMIT}
CLOSES = {
    "not_proven": CLOSE_NOT_PROVEN,
    "signature": CLOSE_NOT_PROVEN,
    "refused": CLOSE_REFUSED,
    "unreachable": CLOSE_REFUSED,
    "too_many": CLOSE_TOO_MANY,
}

_set: LinkSet | None = None
_unproven = 0


def current() -> LinkSet:
    """The links of this process."""
    global _set
    if _set is None:
        _set = LinkSet()
    return _set


def reset() -> None:
    """Forget the links of an event loop that ended."""
    global _set
    _set = None


def is_up(site: Site) -> bool:
    """Whether there is a link to a site now."""
    return current().up(site) is not None


async def get(site: Site) -> Link | None:
    """The link to a site, opened if need be; None where POST must do. Raises ProtocolError for a site that
    is not the one we know (`not_proven`, `refused`): nothing is to be sent there at all."""
    blocks.check_site(site)
    if services.loop() is not asyncio.get_running_loop():
        return None
    try:
        return await current().get(site)
    except ProtocolError as error:
        if error.code != "unreachable":
            raise
        log.debug("no link to %s: %s", here.name(site), error)
        return None


async def send_live(site: Site, raw: bytes) -> None:
    """Send a live envelope now or never: on the link, opened if need be, else by POST.
    Raises ProtocolError `unreachable`, `too_many` or what the other site says."""
    link = await get(site)
    if link is None:
        await post.envelope(site, raw)
    else:
        link.send(raw)


def send_live_sync(site: Site, raw: bytes) -> None:
    """`send_live` for a thread, such as a job handler's."""
    services.wait_for(send_live(site, raw), SEND_SECONDS)


# --- the side that is dialled -----------------------------------------------------------------


class ServerSocket:
    """A websocket that another site opened."""

    def __init__(self, receive: Any, send: Any) -> None:
        self._receive, self._send = receive, send
        self._open = True

    async def receive(self) -> bytes | None:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._open = False
            return None
        text = message.get("text")
        return text.encode() if text is not None else bytes(message["bytes"])

    async def send(self, data: bytes) -> None:
        if not self._open:
            raise ConnectionError("closed")
        await self._say({"type": "websocket.send", "text": data.decode()})

    async def close(self, code: int) -> None:
        if self._open:
            self._open = False
            await self._say({"type": "websocket.close", "code": code})

    async def _say(self, message: dict[str, Any]) -> None:
        """ASGI servers differ in how they refuse to send on a socket that is gone."""
        try:
            await self._send(message)
        except RuntimeError as error:
            self._open = False
            raise ConnectionError("closed") from error


async def app(scope: Any, receive: Any, send: Any) -> None:
    """ASGI: one link from another site."""
    await receive()
    if _unproven >= UNPROVEN or any(name == b"origin" for name, _ in scope["headers"]):
        await send({"type": "websocket.close", "code": CLOSE_REFUSED})
        return
    await send({"type": "websocket.accept"})
    socket = ServerSocket(receive, send)
    try:
        link = await _counted_prove(socket)
    except ProtocolError as error:
        log.info("a link was refused: %s", error)
        await _refuse(socket, error)
    except TimeoutError:
        with contextlib.suppress(OSError):
            await socket.close(CLOSE_TOO_SLOW)
    else:
        if link is not None:
            await current().hold(link)


async def _counted_prove(socket: ServerSocket) -> Link | None:
    global _unproven
    _unproven += 1
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            return await _prove(socket)
    finally:
        _unproven -= 1


async def _prove(socket: ServerSocket) -> Link | None:
    """The link to who dialled, proved; it begins with the welcome. None if it went away."""
    handshake = ServerHandshake(sitekey.current().sign, {here.origin()}, SystemRandom())
    while not handshake.proven:
        frame = await socket.receive()
        if frame is None:
            return None
        replies = handshake.receive(frame)
        _check_hello(handshake)
        for reply in replies:
            await socket.send(reply)
    assert handshake.hello is not None
    address = handshake.hello.address
    key = await peers.key_of(address.site, handshake.hello.key)
    welcome = handshake.welcome(address, ["link"], LIMITS)
    return Link(Peer(address.site, key), socket, dialled=False, first=welcome)


def _check_hello(handshake: ServerHandshake) -> None:
    hello = handshake.hello
    if hello is not None and (hello.role != "site" or hello.address.site == here.site()):
        raise ProtocolError("refused", "only other sites link here")


async def _refuse(socket: ServerSocket, error: ProtocolError) -> None:
    with contextlib.suppress(OSError):
        await socket.send(refusal(error, CODES[error.code]))
        await socket.close(CLOSES.get(error.code, CLOSE_BAD_INPUT))
