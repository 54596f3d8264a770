"""Runs the jobs that are due: beside the requests of the site, or once over by a command or a Celery task.

`Drain` is woken by each committed enqueue, by the next due time, and looks by itself every few seconds for
what other processes enqueued. `drain_once` does what is due now and returns. Both run a job the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from collections.abc import Callable

from federation import clock, jobs, threads
from federation.jobs import Failed, Kind, Retry
from federation.models import Job
from homevault.protocol.errors import ProtocolError

log = logging.getLogger(__name__)
AT_ONCE = 64
BATCH = 100
SWEEP_SECONDS = 5.0
RUN_SECONDS = jobs.LEASE / clock.SECOND * 0.9
STOP_SECONDS = 1.0


class Drain:
    """The background service. `names` says which kinds it runs; it is asked each time."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        self._names = names
        self._running: set[asyncio.Task[None]] = set()
        self._due = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._main: asyncio.Task[None] | None = None

    def start(self) -> None:
        jobs.on_wake(self.wake)
        self._main = asyncio.create_task(self._keep_going())

    async def stop(self) -> None:
        """Let running jobs end, a second at most; what is cut off runs again after the next start."""
        jobs.off_wake(self.wake)
        if self._main is not None:
            self._main.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_SECONDS)
        left = [task for task in (self._main, *self._running) if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def wake(self) -> None:
        """Look now; from any thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._due.set)

    async def _keep_going(self) -> None:
        while True:
            self._due.clear()
            try:
                wait = await self._round()
            except Exception:
                log.exception("the jobs table could not be read")
                wait = SWEEP_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), wait)

    async def _round(self) -> float:
        """Start what is due and has room; seconds until it is worth looking again."""
        names, room = self._names(), AT_ONCE - len(self._running)
        if room > 0:
            for job in await threads.run(_claim_due, room, names):
                self._spawn(job)
        due = await threads.run(jobs.next_due, names)
        wait = SWEEP_SECONDS if due is None else (due - clock.now()) / clock.SECOND
        return min(wait, SWEEP_SECONDS) if wait > 0 else SWEEP_SECONDS

    def _spawn(self, job: Job) -> None:
        task = asyncio.create_task(run(job), name=f"job {job}")
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._due.set()


def drain_once(names: list[str] | None = None) -> int:
    """Run all jobs that are due now, from a thread without an event loop; by default of the kinds that
    need no links. Returns how many ran."""
    return asyncio.run(_drain_once(jobs.kinds(linked=False) if names is None else names))


async def _drain_once(names: list[str]) -> int:
    count = 0
    while claimed := await threads.run(_claim_due, BATCH, names):
        await asyncio.gather(*(run(job) for job in claimed))
        count += len(claimed)
    return count


def _claim_due(limit: int, names: list[str]) -> list[Job]:
    """Look before locking: most times nothing is due."""
    due = jobs.next_due(names)
    return jobs.claim(limit, names) if due is not None and due <= clock.now() else []


async def run(job: Job) -> None:
    """Run one claimed job and settle it, whatever it does."""
    kind = jobs.kind(job.kind)
    try:
        await _call(kind, job)
    except Retry as why:
        await _again(kind, job, why)
    except Failed as error:
        await _give_up(kind, job, error)
    except Exception as error:
        if not isinstance(error, ProtocolError | TimeoutError):
            log.exception("job %s failed", job)
        await _again(kind, job, Retry(reason=f"{type(error).__name__}: {error}"))
    else:
        await threads.run(jobs.finish, job)


async def _call(kind: Kind, job: Job) -> None:
    if kind.is_async:
        async with asyncio.timeout(RUN_SECONDS):
            await kind.handler(job)
    else:
        await threads.work(kind.handler, job)


async def _again(kind: Kind, job: Job, why: Retry) -> None:
    if jobs.is_too_old(job):
        await _give_up(kind, job, Failed("unreachable", why.reason))
    else:
        await threads.run(jobs.postpone, job, why)


async def _give_up(kind: Kind, job: Job, error: Failed) -> None:
    log.warning("job %s given up: %s", job, error)
    try:
        if inspect.iscoroutinefunction(kind.failed):
            await kind.failed(job, error.code, error.detail)
        elif kind.failed is not None:
            await threads.work(kind.failed, job, error.code, error.detail)
    except Exception:
        log.exception("telling that job %s failed has failed", job)
    await threads.run(jobs.finish, job)
