"""Servers that misbehave, on loopback, in the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

Say = Callable[[bytes], Awaitable[None]]
Script = Callable[[bytes, Say], Awaitable[None]]


class Server:
    """Reads a request's head and body, then plays a script: `script(request, say)`. Counts what it sees."""

    def __init__(self, script: Script | bytes, tls: ssl.SSLContext | None = None) -> None:
        self.script, self.tls = script, tls
        self.requests: list[bytes] = []
        self.connections = self.now = self.most = 0
        self.tasks: list[asyncio.Task[object]] = []
        self.hung_up = asyncio.Event()
        """Set once a client has gone while the script was still playing."""

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port: int = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self.connections += 1
        self.now += 1
        self.most = max(self.most, self.now)

        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            request = await self._read(reader)
            self.requests.append(request)
            if isinstance(self.script, bytes):
                await say(self.script)
            else:
                await self.script(request, say)
        except (OSError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            self.now -= 1
            writer.close()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return head + await reader.readexactly(length)


def answer(body: bytes = b"hello", status: str = "200 OK", **headers: str) -> bytes:
    """A whole response; `Content_Type="text/plain"` gives the header Content-Type."""
    lines = {"Content_Length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def slowly(data: bytes, pause: float = 0.02) -> Script:
    """One byte at a time, then silence."""

    async def script(request: bytes, say: Say) -> None:
        for at in range(len(data)):
            await say(data[at : at + 1])
            await asyncio.sleep(pause)
        await asyncio.sleep(60)

    return script


def endless(head: bytes, chunk: bytes) -> Script:
    """A head, then the same again and again until the client hangs up."""

    async def script(request: bytes, say: Say) -> None:
        await say(head)
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await say(chunk)

    return script
