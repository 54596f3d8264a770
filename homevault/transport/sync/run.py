"""Carrying a sync session over a link.

Promise: it ends with the link, with the session, or when the peer falls silent; nothing here holds up whoever
writes into the swarm meanwhile. Reading and sending go on beside each other, so that two ends that both have
much to send do not wait for each other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from homevault.protocol.ports import Clock, FrameLink, LinkClosed
from homevault.protocol.sync.effects import Effect, Ended, ListConflict, NewerList, Page, Send, Take
from homevault.protocol.sync.pull import Spoiled, Taken
from homevault.protocol.sync.session import Session

# Adds the events, all or none, durably; raises Spoiled if one is bad.
Taker = Callable[[Take], Awaitable[Taken]]
# Hears of device lists and pages.
Hearer = Callable[[NewerList | ListConflict | Page], Awaitable[None]]

TICK_SECONDS = 5.0


async def run(
    session: Session,
    link: FrameLink,
    take: Taker,
    hear: Hearer,
    clock: Clock,
    tick_seconds: float = TICK_SECONDS,
) -> Ended:
    """The whole session; the link is left open for the next one unless it ended itself."""
    return await _Run(session, link, take, hear, clock).run(tick_seconds)


class _Run:
    def __init__(self, session: Session, link: FrameLink, take: Taker, hear: Hearer, clock: Clock) -> None:
        self._session = session
        self._link = link
        self._take = take
        self._hear = hear
        self._clock = clock
        # What the session wants sent; it has at most a window of events under way. None after the last.
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._ended: Ended | None = None

    async def run(self, tick_seconds: float) -> Ended:
        sender = asyncio.create_task(self._send())
        try:
            await self._do(self._session.start())
            while self._ended is None:
                await self._do(await self._next(tick_seconds))
            self._outbox.put_nowait(None)
            with suppress(LinkClosed):
                await sender
        finally:
            sender.cancel()
        return self._ended

    async def _next(self, tick_seconds: float) -> list[Effect]:
        """What follows from the next frame, or from waiting for it."""
        try:
            async with asyncio.timeout(tick_seconds):
                frame = await self._link.receive()
        except TimeoutError:
            return self._session.tick(self._clock.now())
        except LinkClosed:
            return self._session.lost()
        return self._session.receive(frame, self._clock.now())

    async def _do(self, effects: list[Effect]) -> None:
        waiting = deque(effects)
        while waiting:
            effect = waiting.popleft()
            if isinstance(effect, Send):
                self._outbox.put_nowait(effect.frame)
            elif isinstance(effect, Take):
                waiting.extend(await self._taken(effect))
            elif isinstance(effect, Ended):
                self._ended = effect
            else:
                await self._hear(effect)

    async def _taken(self, batch: Take) -> list[Effect]:
        try:
            result = await self._take(batch)
        except Spoiled as reason:
            return self._session.spoiled(reason)
        return self._session.taken(result)

    async def _send(self) -> None:
        while (frame := await self._outbox.get()) is not None:
            await self._link.send(frame)
