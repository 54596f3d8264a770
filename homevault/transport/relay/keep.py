"""Staying linked: dial, serve, wait a little, dial again, for as long as the agent runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from homevault.protocol.keys import SignKey
from homevault.protocol.ports import Random
from homevault.transport.relay.backoff import Backoff
from homevault.transport.relay.link import Dial, Link, LinkError, open_link

Serve = Callable[[Link], Awaitable[None]]
Failed = Callable[[LinkError], Awaitable[None]]


async def keep_linked(
    dial: Callable[[], Dial],
    key: SignKey,
    serve: Serve,
    failed: Failed,
    random: Random,
    backoff: Backoff | None = None,
) -> None:
    """Return when `serve` returns; call `failed` and dial again whenever the link breaks or cannot be had.
    `dial` is asked each time."""
    pauses = backoff or Backoff(random)
    while True:
        try:
            await _once(dial(), key, serve, random, pauses)
            return
        except LinkError as error:
            await failed(error)
        await asyncio.sleep(pauses.next())


async def _once(dial: Dial, key: SignKey, serve: Serve, random: Random, pauses: Backoff) -> None:
    link = await open_link(dial, key, random)
    begun = time.monotonic()
    try:
        await serve(link)
    finally:
        pauses.lived(time.monotonic() - begun)
        await link.close()
