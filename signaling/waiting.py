"""What one task waits for, at the size of a socket's share: asyncio's own Queue and Event hold four deques of
their own, which is more than all else that an idle socket needs.

One waiter at a time; everything is called on the loop.
"""

from __future__ import annotations

import asyncio
from typing import Any


class Events:
    """The part of asyncio.Queue that a protocol of uvicorn uses, for few events."""

    __slots__ = ("_events", "_waiter")

    def __init__(self) -> None:
        self._events: list[Any] = []
        self._waiter: asyncio.Future[None] | None = None

    def put_nowait(self, event: Any) -> None:
        self._events.append(event)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def empty(self) -> bool:
        return not self._events

    def take_all(self) -> list[Any]:
        """What is there, in order."""
        found, self._events = self._events, []
        return found

    async def get(self) -> Any:
        while not self._events:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._events.pop(0)


class Flag:
    """asyncio.Event, with what waits only while something does."""

    __slots__ = ("_event", "_up")

    def __init__(self, up: bool) -> None:
        self._up = up
        self._event: asyncio.Event | None = None

    def is_set(self) -> bool:
        return self._up

    def set(self) -> None:
        self._up = True
        if self._event is not None:
            self._event.set()
            self._event = None

    def clear(self) -> None:
        self._up = False

    async def wait(self) -> None:
        while not self._up:
            self._event = self._event or asyncio.Event()
            await self._event.wait()
