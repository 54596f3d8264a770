"""One thread that writes the mailboxes: group commit.

All puts and acks that arrive while a transaction is being made durable go into the next one. Whoever waits
hears after the commit, never before. Should a transaction fail, each of its parts is tried alone, so that
one bad part does not take the others with it.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections, transaction

from homevault.protocol.errors import ProtocolError
from signaling import contacts, store

LARGEST_BATCH = 512
log = logging.getLogger(__name__)

Work = store.Put | store.Ack | store.Wrote | store.Drop | store.Expire


@dataclass(slots=True)
class Job:
    work: Work
    done: asyncio.Future[Any]


class Writer:
    """Starts its thread with the first job. `batches` and `jobs` count what was committed."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._contacts = contacts.Contacts()
        self.batches = 0
        self.jobs = 0

    def submit(self, work: Work) -> asyncio.Future[Any]:
        """Queue it; the future has its result once it is durable, or its ProtocolError."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mailbox-writer", daemon=True)
            self._thread.start()
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(Job(work, done))
        return done

    async def stop(self) -> None:
        """Commit what was submitted and end the thread; a later job starts another."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(thread.join)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            batch, last = [job], False
            while len(batch) < LARGEST_BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    last = True
                    break
                batch.append(following)
            self._work(batch)
            if last:
                break
        close_old_connections()

    def _work(self, batch: list[Job]) -> None:
        try:
            results = self._commit([job.work for job in batch])
        except Exception as error:
            self._contacts.forget()
            close_old_connections()
            if len(batch) == 1:
                log.exception("mail could not be stored")
                deliver(batch, [error])
                return
            for job in batch:
                self._work([job])
            return
        self.batches += 1
        self.jobs += len(batch)
        deliver(batch, results)

    def _commit(self, works: Sequence[Work]) -> list[Any]:
        """The result of each, in order, all durable."""
        puts = [work for work in works if isinstance(work, store.Put)]
        wrote = [work for work in works if isinstance(work, store.Wrote)]
        with transaction.atomic(durable=True):
            store.lock()
            stored = iter(store.put_all(puts, wrote, self._contacts) if puts or wrote else ())
            store.ack_all([work for work in works if isinstance(work, store.Ack)])
            results = [self._result(work, stored) for work in works]
        self._contacts.committed()
        return results

    def _result(self, work: Work, stored: Any) -> Any:
        if isinstance(work, store.Put):
            return next(stored)
        if isinstance(work, store.Expire):
            contacts.expire(work.now)
            return store.expire(work.now)
        if isinstance(work, store.Drop):
            store.drop_device(work.device)
        return None


def deliver(batch: Sequence[Job], results: Sequence[Any]) -> None:
    """Tell each waiting loop, with one wake-up."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for job, result in zip(batch, results, strict=True):
        by_loop.setdefault(job.done.get_loop(), []).append((job.done, result))
    for loop, outcomes in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(resolve, outcomes)


def resolve(outcomes: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for done, result in outcomes:
        if done.cancelled():
            continue
        if isinstance(result, ProtocolError):
            done.set_exception(result)
        elif isinstance(result, Exception):
            done.set_exception(ProtocolError("internal"))
        else:
            done.set_result(result)
