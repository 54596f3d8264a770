"""One websocket to another site after its handshake: envelopes both ways, nothing lost silently, nothing
unbounded.

What comes is handled one by one in order; while that lags, reading stops and the other side waits. `accepted`
and `error` settle the request they refer to and never wait behind other envelopes. Outgoing envelopes stand
in a bounded queue. When the socket ends, every unanswered request fails as `unreachable`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any, Protocol

from federation import budget, here, inbox
from federation.inbox import Peer
from homevault.protocol.canonical import LIMIT
from homevault.protocol.envelope import Envelope, read_envelope
from homevault.protocol.errors import ProtocolError, from_wire
from homevault.protocol.handshake import CLOSE_TOO_LARGE

log = logging.getLogger(__name__)
OUTGOING = 512
INCOMING = 64
PENDING = 256
GOING_AWAY = 1001
CLOSE_SECONDS = 1.0


class Socket(Protocol):
    """A websocket of either side."""

    async def receive(self) -> bytes | None:
        """The next message; None when it is closed."""
        ...

    async def send(self, data: bytes) -> None:
        """Send a text message; raises OSError when it is closed."""
        ...

    async def close(self, code: int) -> None: ...


class Link:
    """`dialled`: this site opened it. `since` and `used` are monotonic seconds; `retired`: not for sending;
    `first` is sent before all else."""

    def __init__(self, peer: Peer, socket: Socket, *, dialled: bool, first: bytes | None = None) -> None:
        self.peer, self.dialled = peer, dialled
        self.since = self.used = time.monotonic()
        self.retired = False
        self.closed = False
        self._socket = socket
        self._out: asyncio.Queue[bytes] = asyncio.Queue(OUTGOING)
        if first is not None:
            self._out.put_nowait(first)
        self._in: asyncio.Queue[bytes] = asyncio.Queue(INCOMING)
        self._pending: dict[str, asyncio.Future[None]] = {}
        self._close_code = 1000
        self._ending = asyncio.Event()

    def __repr__(self) -> str:
        return f"<link {'to' if self.dialled else 'from'} {here.name(self.peer.site)}>"

    async def run(self) -> None:
        """Work until the socket ends or `end` is called."""
        parts = (self._read(), self._write(), self._handle(), self._ending.wait())
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self._note(task)
        finally:
            self.closed = True
            self._fail_pending()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._close()

    def end(self, code: int = 1000) -> None:
        """Close it soon, with this websocket close code."""
        self._close_code = code
        self.closed = True
        self._ending.set()

    def send(self, raw: bytes) -> None:
        """Queue an envelope. Raises ProtocolError `too_many` if too many wait, `unreachable` if it is
        closed."""
        if self.closed:
            raise ProtocolError("unreachable", "the link is closed")
        self.used = time.monotonic()
        try:
            self._out.put_nowait(raw)
        except asyncio.QueueFull as error:
            raise ProtocolError("too_many", "the link is congested") from error

    async def request(self, raw: bytes, ref: str, seconds: float) -> None:
        """Send an envelope and wait until the other site says `accepted`. Raises ProtocolError with what
        it says instead, or `unreachable`."""
        if len(self._pending) >= PENDING:
            raise ProtocolError("too_many", "the link is congested")
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending[ref] = answer
        try:
            self.send(raw)
            async with asyncio.timeout(seconds):
                await answer
        except TimeoutError as error:
            raise ProtocolError("unreachable", f"no answer in {seconds} s") from error
        finally:
            if self._pending.get(ref) is answer:
                del self._pending[ref]

    @property
    def waiting(self) -> int:
        """Requests that are not answered yet."""
        return len(self._pending)

    # --- the four parts -----------------------------------------------------------------------

    async def _read(self) -> None:
        while (raw := await self._socket.receive()) is not None:
            self.used = time.monotonic()
            if len(raw) > LIMIT:
                self._close_code = CLOSE_TOO_LARGE
                return
            if not self._settles(raw):
                await self._in.put(raw)

    async def _write(self) -> None:
        while True:
            await self._socket.send(await self._out.get())

    async def _handle(self) -> None:
        while True:
            raw = await self._in.get()
            await asyncio.sleep(budget.spend(self.peer.site) or 0)
            reply = await inbox.answer(raw, self.peer)
            if reply is not None:
                await self._out.put(reply)

    def _settles(self, raw: bytes) -> bool:
        """Whether it was an answer to a request of ours, to be acted on here."""
        if b'"ref":' not in raw:
            return False
        try:
            envelope = read_envelope(raw)
            if envelope.type not in ("accepted", "error") or envelope.to.username:
                return False
            inbox.judge(envelope, self.peer)
        except ProtocolError as error:
            log.info("a bad answer on %s: %s", self, error)
            return False
        self._settle(envelope)
        return True

    def _settle(self, envelope: Envelope) -> None:
        answer = self._pending.get(envelope.data["ref"] or "")
        if answer is None or answer.done():
            return
        if envelope.type == "accepted":
            answer.set_result(None)
        else:
            answer.set_exception(from_wire(envelope.data["code"], envelope.data["message"]))

    async def _close(self) -> None:
        """Whoever does not read any more does not get to keep us here."""
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(self._close_code)

    def _fail_pending(self) -> None:
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(ProtocolError("unreachable", "the link ended"))

    def _note(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, OSError):
            log.error("%s broke", self, exc_info=error)
