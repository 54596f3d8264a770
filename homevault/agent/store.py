"""The one thread that touches the database, so that a slow disk never holds up the websocket.

Promise: work runs in the order it was given; `write` returns after the commit is on disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from homevault.storage.sqlite.database import Database, open_database

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Work = Callable[Concatenate[Database, Arguments], Result]


class Store:
    """The writer's database and its thread. Use as an async context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._database: Database | None = None

    async def __aenter__(self) -> Store:
        self._database = await self._later(lambda: open_database(self._folder))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._database is not None:
            await self._later(self._database.close)
        self._thread.shutdown()

    async def read(
        self, work: Work[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """Run `work(database, …)` outside a transaction."""
        return await self._later(lambda: work(self._opened, *arguments, **named))

    async def write(
        self, work: Work[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """Run `work(database, …)` in one transaction; it raised → nothing was stored."""

        def in_transaction() -> Result:
            with self._opened.transaction():
                return work(self._opened, *arguments, **named)

        return await self._later(in_transaction)

    @property
    def _opened(self) -> Database:
        assert self._database is not None, "the store is not open"
        return self._database

    async def _later(self, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
