"""What accounts run beside the requests: the end of sockets whose login has ended or whose device is no
longer listed, the end of old rows, and the last sightings, written at the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from federation import threads
from signaling.registry import registry
from social.accounts import directory, sessions, sightings, throttle

SWEEP_SECONDS = 2.0
FORGET_SECONDS = 3_600.0

log = logging.getLogger(__name__)
_tasks: list[asyncio.Task[None]] = []


async def start() -> None:
    _tasks.append(asyncio.ensure_future(_keep(hang_up_the_ended, SWEEP_SECONDS)))
    _tasks.append(asyncio.ensure_future(_keep(hang_up_the_unlisted, SWEEP_SECONDS)))
    _tasks.append(asyncio.ensure_future(_keep(forget, FORGET_SECONDS)))


async def stop() -> None:
    tasks = [*_tasks]
    _tasks.clear()
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await threads.run(sightings.write)


async def hang_up_the_ended() -> None:
    """Close sockets of logins that ended without a word to this process: elsewhere, or by expiry."""
    open_here = registry.sessions()
    if not open_here:
        return
    standing = await threads.run(sessions.standing, open_here)
    registry.end_sessions(open_here - standing)
    await threads.run(sessions.note, standing)


async def hang_up_the_unlisted() -> None:
    """Close sockets of vaults and visitors that are no longer known, though nobody told this process."""
    open_here = registry.without_login()
    if open_here:
        registry.end_devices(open_here - await threads.run(directory.standing, open_here))


async def forget() -> None:
    await threads.run(sessions.sweep)
    await threads.run(throttle.prune)


async def _keep(work: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed", work.__name__)
        await asyncio.sleep(seconds)
