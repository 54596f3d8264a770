"""Jobs under Celery, where a site has Redis: the same table, the same `drain_once`, woken by a hint.

A hint may be lost: the beat sweep (`BEAT`, for the Celery app's schedule) runs what nobody was woken for.
Sending one never holds up whoever enqueued, and a broker that is away is left alone for half a minute. Jobs
that need links stay with the site's own processes, which look every few seconds. Celery is loaded only where
it is used.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from federation import here, jobs

log = logging.getLogger(__name__)
TASK = "federation.drain"
BEAT: dict[str, Any] = {"federation-drain": {"task": TASK, "schedule": 30.0}}
QUIET_SECONDS = 30.0

_waiting = threading.Lock()
_quiet_until = 0.0


def register() -> None:
    """Hint Celery at each committed enqueue, if this site has it."""
    if not here.is_single():
        jobs.on_wake(_hint)


def define(app: Any) -> None:
    """Give the Celery app its task; called where that app is made."""
    app.task(name=TASK, acks_late=True, ignore_result=True)(drain)


def drain() -> int:
    """Run the due jobs that need no link. Returns how many ran."""
    from federation.drain import drain_once

    return drain_once(jobs.kinds(linked=False))


def _hint() -> None:
    """One hint at most waits to be sent; it tells as much as many."""
    if time.monotonic() >= _quiet_until and _waiting.acquire(blocking=False):
        _sender().submit(_send)


def _send() -> None:
    global _quiet_until
    _waiting.release()
    try:
        from celery import current_app  # type: ignore[import-untyped]

        current_app.send_task(TASK, retry=False, ignore_result=True, expires=30)
    except Exception as error:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("Celery could not be hinted, its own sweep will do: %s", error)


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="hint")
