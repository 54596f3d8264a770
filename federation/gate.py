"""How many strangers' sites are asked at once: so many in all, so few each, so that none takes everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary


class Gate:
    """Bounded concurrency, in all and for each name. Waiting is bounded by the caller's own time limit."""

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Room] = WeakKeyDictionary()

    @asynccontextmanager
    async def enter(self, name: str) -> AsyncIterator[None]:
        room = self._loops.setdefault(asyncio.get_running_loop(), _Room(self._total))
        own = room.names.setdefault(name, _Name(asyncio.Semaphore(self._each)))
        own.users += 1
        try:
            async with own.places, room.places:
                yield
        finally:
            own.users -= 1
            if not own.users:
                del room.names[name]


class _Room:
    def __init__(self, total: int) -> None:
        self.places = asyncio.Semaphore(total)
        self.names: dict[str, _Name] = {}


class _Name:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self.places = places
        self.users = 0
