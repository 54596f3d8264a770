"""The websocket side of uvicorn as this site runs it: plain frames, read and written in bulk.

`WebSocketProtocol` is what uvicorn's `ws` option takes. To an ASGI application it is an ordinary websocket;
all texts that are sent within one turn of the event loop leave in one write, and messages over
MESSAGE_LIMIT close with 4413. Compression is never negotiated.

An application may ask for more through `scope["extensions"]["porchlight.wire"]`, which is the protocol
itself: `listen` hands each text straight from the read to a function, without a task between, and `write`,
`end`, `hold`, `release` are the plain calls that go with it. `signaling.wire` uses it where it is there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from weakref import WeakKeyDictionary

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from signaling import frames
from signaling.waiting import Events, Flag

EXTENSION = "porchlight.wire"
MESSAGE_LIMIT = 65_536
OUTGOING_LIMIT = 1024 * 1024
CLOSE_SECONDS = 5.0
KEEPALIVE_CODE, RESTART_CODE = 1011, 1012
_HEADERS = {size: frames.frame_header(0x80 | frames.TEXT, size) for size in range(2048)}


class Turn:
    """What one read gives rise to: everything it makes sockets of this loop write leaves when it is done."""

    def __init__(self) -> None:
        self.reading = False
        self.written: list[WebSocketProtocol] = []

    def end(self) -> None:
        self.reading = False
        written, self.written = self.written, []
        for protocol in written:
            protocol.flush()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turn] = WeakKeyDictionary()


class WebSocketProtocol(WebSocketsSansIOProtocol):
    __slots__ = ("deaf", "early", "full", "out", "reader", "turn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = cast(Any, Events())
        self.writable = cast(Any, Flag(up=True))
        self.conn.available_extensions = []
        self.close_timeout = CLOSE_SECONDS
        self.reader = frames.FrameReader(self._queue_text, self._queue_bytes, self._control, MESSAGE_LIMIT)
        self.out: list[bytes] = []
        self.full: Callable[[], None] | None = None
        self.early = b""
        self.deaf = False
        self.turn = _turns.setdefault(self.loop, Turn())

    # --- reading -----------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        if not self.handshake_complete:
            self._before_open(data)
            return
        turn = self.turn
        turn.reading = True
        try:
            self.reader.feed(data)
        except frames.FrameError as error:
            self._fail(error)
        finally:
            turn.end()

    def _before_open(self, data: bytes) -> None:
        """The opening request; frames that come before our answer wait for it."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        self.early += data
        if len(self.early) > MESSAGE_LIMIT:
            self.transport.close()

    def _queue_text(self, payload: bytes) -> None:
        self._queue({"type": "websocket.receive", "text": payload.decode()})

    def _queue_bytes(self, payload: bytes) -> None:
        self._queue({"type": "websocket.receive", "bytes": payload})

    def _queue(self, event: Any) -> None:
        if self.close_sent:
            return
        self.queue.put_nowait(event)
        if not self.read_paused and self.full is None:
            self.read_paused = True
            self.transport.pause_reading()

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.PING:
            if self.writable.is_set() and not self.close_sent:
                self._send_now(frames.frame(frames.PONG, payload))
        elif opcode == frames.PONG:
            self.handle_pong(cast(Any, SimpleNamespace(data=payload)))
        else:
            self._closed_by_peer(*frames.read_close(payload))

    def _closed_by_peer(self, code: int, reason: str) -> None:
        self.deaf = True
        if not self.close_sent:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            answer = b"" if code == frames.NO_STATUS else frames.close_payload(code)
            self._send_now(frames.frame(frames.CLOSE, answer))
            self.close_sent = True
        self._hang_up()

    def _hang_up(self) -> None:
        """Close when everything is written, or soon anyway: the peer may not be reading."""
        self.transport.close()
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def send_keepalive_ping(self) -> None:
        self.ping_timer = None
        if not self._is_open():
            return
        self.pending_ping_payload = os.urandom(4)
        self.ping_sent_at = self.loop.time()
        self._send_now(frames.frame(frames.PING, self.pending_ping_payload))
        if self.ping_timeout is None:
            self.schedule_ping()
        else:
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)

    def keepalive_timeout(self) -> None:
        self.pong_timer = self.pending_ping_payload = None
        self.end(KEEPALIVE_CODE, "keepalive ping timeout")
        self._hang_up()

    def shutdown(self) -> None:
        if self._is_open():
            self.stop_keepalive()
            self.end(RESTART_CODE)
            self.transport.close()
        else:
            super().shutdown()

    def _fail(self, error: frames.FrameError) -> None:
        """Say why, then wait for the peer to hang up: closing at once could lose the words."""
        if not self.close_sent:
            self.end(error.code, error.reason)
        self.deaf = True
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def eof_received(self) -> None:
        self._hang_up()

    # --- writing -----------------------------------------------------------------------------

    def write(self, payload: bytes) -> None:
        """Send one text message (UTF-8) with the others of this turn of the loop."""
        if not self.out:
            turn = self.turn
            if turn.reading:
                turn.written.append(self)
            else:
                self.loop.call_soon(self.flush)
        size = len(payload)
        self.out.append(_HEADERS[size] if size < 2048 else frames.frame_header(0x81, size))
        self.out.append(payload)

    def flush(self) -> None:
        out, self.out = self.out, []
        if out and not self.close_sent and not self.transport.is_closing():
            self.transport.write(b"".join(out))

    def _send_now(self, data: bytes) -> None:
        self.flush()
        if not self.transport.is_closing():
            self.transport.write(data)

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.send" and message.get("text") is not None and self._is_open():
            await self.writable.wait()
            self.write(message["text"].encode())
            return
        if message["type"] == "websocket.close" and self._is_open():
            self.end(message.get("code", 1000), message.get("reason") or "")
            return
        self.flush()
        await super().send(message)
        if message["type"] == "websocket.accept" and self.early:
            early, self.early = self.early, b""
            self.data_received(early)

    def _is_open(self) -> bool:
        return self.handshake_complete and not self.close_sent and not self.disconnected

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.full is not None:
            self.full()

    # --- the extension -----------------------------------------------------------------------

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][EXTENSION] = cast(Any, self)

    def listen(self, text: Callable[[bytes], None], full: Callable[[], None]) -> None:
        """From now on every text goes to `text`; `full` is called when OUTGOING_LIMIT bytes wait unsent.
        The end of the connection, and binary messages, still come by `receive`; none can be sent."""
        self.full = full
        self.transport.set_write_buffer_limits(high=OUTGOING_LIMIT)
        self._forget_opening()
        for event in cast(Any, self.queue).take_all():
            if event.get("text") is None:
                self.queue.put_nowait(event)
            else:
                text(event["text"].encode())
        self.reader.text = text
        self.release()

    def _forget_opening(self) -> None:
        """An open socket may stay for days, and what it was opened with is most of what it holds."""
        self.scope["headers"] = []
        self.request = self.response = self.conn = cast(Any, None)

    def hold(self) -> None:
        """Read no more until `release`."""
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def release(self) -> None:
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def end(self, code: int, reason: str = "") -> None:
        """Send what waits and a close frame; the transport goes when the peer answers, or soon anyway."""
        if not self._is_open():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self._send_now(frames.frame(frames.CLOSE, frames.close_payload(code, reason)))
        self.close_sent = True
        self.release()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)
