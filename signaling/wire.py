"""One accepted websocket as the relay uses it, on any ASGI server: texts in by callback, texts out at once.

On uvicorn with `signaling.uvicorn_protocol` the protocol's own calls are used; anywhere else `PlainWire`
does the same with the ASGI calls, a queue and a task. Either way at most OUTGOING_LIMIT unsent bytes are
kept for a slow receiver: beyond that `full` is called, once or more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from homevault.protocol.errors import ProtocolError

EXTENSION = "porchlight.wire"
MESSAGE_LIMIT = 65_536
OUTGOING_LIMIT = 1024 * 1024
TOO_LARGE = 4413

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Text = Callable[[bytes], None]
Event = Callable[[], None]


class Wire(Protocol):
    """After `accept`: `next` until `listen`, then only callbacks until `listen` returns at the end."""

    async def accept(self) -> None: ...

    async def next(self) -> bytes | None:
        """The next text; None when the socket is gone. `schema` for a binary message."""

    async def listen(self, text: Text, binary: Event, full: Event) -> None:
        """Hand over every text until the socket is gone."""

    def write(self, payload: bytes) -> None:
        """Send a text, soon and in order; nothing happens once the socket is closing."""

    def hold(self) -> None:
        """Read no more until `release`."""

    def release(self) -> None: ...

    def end(self, code: int, reason: str = "") -> None:
        """Close after what was written."""


def open_wire(scope: Scope, receive: Receive, send: Send) -> Wire:
    protocol = scope.get("extensions", {}).get(EXTENSION)
    return PlainWire(receive, send) if protocol is None else QuickWire(protocol, receive, send)


def text_of(event: MutableMapping[str, Any]) -> bytes:
    text = event.get("text")
    if text is None:
        raise ProtocolError("schema", "binary message")
    return bytes(text.encode())


class QuickWire:
    """The calls of `signaling.uvicorn_protocol.WebSocketProtocol`."""

    __slots__ = ("_protocol", "_receive", "_send", "write")

    def __init__(self, protocol: Any, receive: Receive, send: Send) -> None:
        self._protocol = protocol
        self._receive = receive
        self._send = send
        self.write: Callable[[bytes], None] = protocol.write

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def next(self) -> bytes | None:
        event = await self._receive()
        return text_of(event) if event["type"] == "websocket.receive" else None

    async def listen(self, text: Text, binary: Event, full: Event) -> None:
        self._protocol.listen(text, full)
        while (await self._receive())["type"] == "websocket.receive":
            binary()

    def hold(self) -> None:
        self._protocol.hold()

    def release(self) -> None:
        self._protocol.release()

    def end(self, code: int, reason: str = "") -> None:
        self._protocol.end(code, reason)


class PlainWire:
    """Any ASGI server's websocket."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._out: deque[MutableMapping[str, Any]] = deque()
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None
        self._reading = asyncio.Event()
        self._reading.set()
        self._ended = asyncio.Event()
        self._full: Event | None = None

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def next(self) -> bytes | None:
        event = await self._receive()
        if event["type"] != "websocket.receive" or self._ended.is_set():
            return None
        return self._checked(text_of(event))

    def _checked(self, payload: bytes) -> bytes | None:
        if len(payload) <= MESSAGE_LIMIT:
            return payload
        self.end(TOO_LARGE, "too large")
        return None

    async def listen(self, text: Text, binary: Event, full: Event) -> None:
        self._full = full
        while not self._ended.is_set():
            event = await self._receive()
            if event["type"] != "websocket.receive":
                break
            if event.get("text") is None:
                binary()
            elif (payload := self._checked(text_of(event))) is not None:
                text(payload)
            await self._reading.wait()
        self._ended.set()
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=5)

    def write(self, payload: bytes) -> None:
        self._queue({"type": "websocket.send", "text": payload.decode()}, len(payload))

    def end(self, code: int, reason: str = "") -> None:
        self._queue({"type": "websocket.close", "code": code, "reason": reason}, 0)
        self._ended.set()
        self._reading.set()

    def _queue(self, message: MutableMapping[str, Any], size: int) -> None:
        if self._ended.is_set():
            return
        self._out.append(message)
        self._waiting += size
        if self._writer is None or self._writer.done():
            self._writer = asyncio.ensure_future(self._write())
        if self._waiting > OUTGOING_LIMIT and self._full is not None:
            self._full()

    async def _write(self) -> None:
        try:
            while self._out:
                message = self._out.popleft()
                await self._send(message)
                self._waiting -= len(message.get("text", ""))
        except Exception:
            self._out.clear()

    def hold(self) -> None:
        self._reading.clear()

    def release(self) -> None:
        self._reading.set()
