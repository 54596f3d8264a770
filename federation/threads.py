"""Synchronous work from async code: threads of our own, so that no link ever waits for a page request.

`run` is for short database work; `work` for job handlers, which may take long and must not hold up the
former. Django keeps one connection a thread; each call leaves its thread without a stale one. Contexts travel
along.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")
DATABASE_THREADS = 3
WORK_THREADS = 4


async def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a short synchronous function in a database thread; await what it returns or raises."""
    return await _call(_pool("database", DATABASE_THREADS), lambda: function(*args, **kwargs))


async def work(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a synchronous function that may take its time."""
    return await _call(_pool("work", WORK_THREADS), lambda: function(*args, **kwargs))


async def _call(pool: ThreadPoolExecutor, function: Callable[[], R]) -> R:
    def call() -> R:
        close_old_connections()
        try:
            return function()
        finally:
            close_old_connections()

    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: context.run(call))


def end() -> None:
    """Let the threads go, and their connections with them, once what they do is done."""
    for name, size in (("database", DATABASE_THREADS), ("work", WORK_THREADS)):
        _pool(name, size).shutdown(wait=False)
    _pool.cache_clear()


@cache
def _pool(name: str, size: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(size, thread_name_prefix=f"federation-{name}")
