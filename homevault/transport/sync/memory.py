"""A FrameLink within one process."""

from __future__ import annotations

import asyncio
from collections import deque

from homevault.protocol.canonical import LIMIT
from homevault.protocol.ports import LinkClosed

WAITING_FRAMES = 64


class _Way:
    """Frames in one direction."""

    def __init__(self) -> None:
        self.frames: deque[bytes] = deque()
        self.open = True
        self.changed = asyncio.Condition()

    async def put(self, frame: bytes) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: not self.open or len(self.frames) < WAITING_FRAMES)
            if not self.open:
                raise LinkClosed
            self.frames.append(frame)
            self.changed.notify_all()

    async def get(self) -> bytes:
        async with self.changed:
            await self.changed.wait_for(lambda: self.frames or not self.open)
            if not self.frames:
                raise LinkClosed
            self.changed.notify_all()
            return self.frames.popleft()

    async def close(self) -> None:
        async with self.changed:
            self.open = False
            self.changed.notify_all()


class MemoryLink:
    """One of two ends; `pair` makes both."""

    def __init__(self, peer: str, to: _Way, back: _Way) -> None:
        self.peer = peer
        self._to = to
        self._back = back

    async def send(self, frame: bytes) -> None:
        if len(frame) > LIMIT:
            raise ValueError("larger than a frame may be")
        await self._to.put(frame)

    async def receive(self) -> bytes:
        return await self._back.get()

    async def close(self) -> None:
        await self._to.close()
        await self._back.close()


def pair(one: str, other: str) -> tuple[MemoryLink, MemoryLink]:
    """The ends at the devices `one` and `other`."""
    to, back = _Way(), _Way()
    return MemoryLink(other, to, back), MemoryLink(one, back, to)
