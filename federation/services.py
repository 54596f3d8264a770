"""What runs beside the requests: links, jobs and the sweeping up, on the server's event loop.

`start()` and `stop()` are called by the ASGI lifespan, on that loop. Threads hand work to it by `wait_for`;
where no server runs (commands, Celery), the work gets a loop of its own.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from federation.drain import Drain

R = TypeVar("R")
log = logging.getLogger(__name__)
SWEEP_TICKS = 20

_loop: asyncio.AbstractEventLoop | None = None
_drain: Drain | None = None
_ticking: asyncio.Task[None] | None = None
_waited: set[concurrent.futures.Future[Any]] = set()


async def start() -> None:
    """Make the site's keys if there are none, then drain jobs and look after links until `stop`."""
    from federation import blocks, here, jobs, links, sitekey, threads
    from federation.drain import Drain

    global _loop, _drain, _ticking
    _loop = asyncio.get_running_loop()
    links.reset()
    await threads.run(sitekey.current)
    await threads.run(blocks.load)
    single = here.is_single()
    if single:
        await threads.run(jobs.release_all)
    _drain = Drain(jobs.kinds if single else lambda: jobs.kinds(linked=True))
    _drain.start()
    _ticking = asyncio.create_task(_tick())


async def stop() -> None:
    """Close the links and end the jobs; what is unfinished goes on at the next start."""
    from federation import links, threads

    global _loop, _drain, _ticking
    drain, ticking = _drain, _ticking
    _drain = _ticking = None
    if ticking is not None:
        ticking.cancel()
    for future in list(_waited):
        future.cancel()
    if drain is not None:
        await asyncio.gather(drain.stop(), links.current().close_all())
        threads.end()
    _loop = None


def loop() -> asyncio.AbstractEventLoop | None:
    """The server's event loop while the services run; None elsewhere."""
    return _loop if _loop is not None and _loop.is_running() else None


def wait_for(work: Coroutine[Any, Any, R], seconds: float) -> R:
    """From a thread: do asynchronous work and wait for it. Raises TimeoutError, what the work raises, or
    CancelledError when the server stops."""
    running = loop()
    if running is None:
        return asyncio.run(work)
    future = asyncio.run_coroutine_threadsafe(work, running)
    _waited.add(future)
    try:
        return future.result(seconds)
    except concurrent.futures.TimeoutError:
        future.cancel()
        raise
    finally:
        _waited.discard(future)


async def _tick() -> None:
    from federation import blocks, links, received, replay, threads
    from federation.linkset import TICK_SECONDS

    ticks = 0
    while True:
        await asyncio.sleep(TICK_SECONDS)
        try:
            await links.current().tick()
            await threads.run(blocks.load)
            if ticks % SWEEP_TICKS == 0:
                await threads.run(replay.sweep)
                await threads.run(received.sweep)
        except Exception:
            log.exception("looking after the links failed")
        ticks += 1
