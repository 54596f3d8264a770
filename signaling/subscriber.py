"""The Redis side of `signaling.bus`: a publishing and a listening task in a process that serves sockets."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import Any

import orjson

from signaling import bus
from signaling.registry import registry

log = logging.getLogger(__name__)
DEVICE_LENGTH = 43


class Subscriber:
    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._outgoing: deque[tuple[str, bytes]] = deque(maxlen=bus.LONGEST_QUEUE)
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._pubsub: Any = None
        self._ready = asyncio.Event()

    def start(self) -> None:
        """Nothing happens without a Redis URL."""
        if bus.url() and not self._tasks:
            self._tasks = [asyncio.ensure_future(self._keep(work)) for work in (self._send, self._listen)]

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def publish(self, channel: str, message: bytes) -> None:
        """Soon, in order; the oldest are dropped while Redis is away."""
        self.start()
        self._outgoing.append((channel, message))
        self._something.set()

    async def subscribe(self, channels: list[str]) -> None:
        """Returns once Redis was asked, or is away, when it will be asked later."""
        self.start()
        self._wanted.update(channels)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), bus.PATIENCE_SECONDS)
        if self._pubsub is not None:
            await self._quietly(self._pubsub.subscribe(*channels))

    def unsubscribe(self, channels: list[str]) -> None:
        self._wanted.difference_update(channels)
        if self._pubsub is not None:
            asyncio.ensure_future(self._quietly(self._pubsub.unsubscribe(*channels)))  # noqa: RUF006

    async def _quietly(self, call: Any) -> None:
        try:
            await call
        except Exception:
            log.warning("Redis is away", exc_info=True)

    async def _keep(self, work: Any) -> None:
        """Do it again whenever Redis was away."""
        while True:
            try:
                await work()
            except Exception as error:
                log.warning("Redis is away: %s", error)
            await asyncio.sleep(bus.RETRY_SECONDS)

    async def _send(self) -> None:
        import redis.asyncio

        async with redis.asyncio.from_url(bus.url()) as client:
            while True:
                await self._something.wait()
                self._something.clear()
                while self._outgoing:
                    await client.publish(*self._outgoing[0])
                    self._outgoing.popleft()

    async def _listen(self) -> None:
        import redis.asyncio

        async with redis.asyncio.from_url(bus.url()) as client, client.pubsub() as pubsub:
            await pubsub.subscribe(bus.PREFIX + "all", *self._wanted)
            self._pubsub = pubsub
            self._ready.set()
            try:
                for connection in list(registry.devices.values()):
                    connection.inbox.look()
                async for message in pubsub.listen():
                    if message["type"] == "message" and message["data"][1:9] != bus.ME:
                        take(message["channel"].decode().removeprefix(bus.PREFIX), message["data"])
            finally:
                self._pubsub = None
                self._ready.clear()


def take(channel: str, message: bytes) -> None:
    """Do here what another process says."""
    kind, body = message[:1], message[9:]
    target = channel[2:]
    if kind == bus.SLOT:
        _to_slot(target.partition(":")[0], body)
        return
    if kind == bus.END:
        registry.end_session(target, body.decode())
        return
    found = registry.find(target)
    for connection in [found] if found else registry.of(target) if channel[0] == "u" else []:
        if kind == bus.LIVE:
            connection.write(body)
        elif kind == bus.HINT:
            connection.inbox.look()
        elif kind == bus.CLOSE:
            connection.close(int(body))
        elif kind == bus.PUSH:
            connection.tell(**orjson.loads(body))
        elif kind == bus.LIMIT:
            connection.limit()


def _to_slot(slot: str, body: bytes) -> None:
    from signaling import pairing

    vault = pairing.slots.get(slot)
    if vault is not None:
        vault.give(body[:DEVICE_LENGTH].decode(), body[DEVICE_LENGTH:])


subscriber = Subscriber()
