"""Answers public pages from the process's memory, before Django.

Promise: what is answered is never older than `STALE_SECONDS` behind the last commit of any process, and
never behind a commit of this one. Memory holds at most `MEMORY_BYTES` of pages, least used out first. A
page is taken from the database when first asked for. A commit of this process empties the memory at once;
commits of others are seen by the edition number in the database, looked at when the last look is
`STALE_SECONDS` old, once for all who wait for it. What is not a page goes on to Django.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

from social.public import published
from social.public.pages import Answer, Headers

STALE_SECONDS = 0.5
MEMORY_BYTES = 32 * 1024 * 1024
Send = Callable[[Any], Awaitable[None]]


class Shelf(OrderedDict[str, Answer]):
    """The pages in memory; `edition` is what the database said before any of them was read."""

    def __init__(self, edition: int | None = None) -> None:
        super().__init__()
        self.edition = edition
        self.size = 0

    def put(self, path: str, answer: Answer) -> None:
        old = self.pop(path, None)
        self[path] = answer
        self.size += answer.size - (old.size if old else 0)
        while self.size > MEMORY_BYTES and len(self) > 1:
            _, out = self.popitem(last=False)
            self.size -= out.size


class CachedPages:
    """ASGI: public pages, and `app` for everything else. `extra` are headers on every HTML page; a request
    for another host than one of `hosts` goes on to `app` too."""

    current: "CachedPages | None" = None
    """The one of this process, for servers that answer from it before they make a request."""

    def __init__(self, app: Any, extra: Iterable[tuple[bytes, bytes]], hosts: frozenset[bytes]) -> None:
        self.app = app
        self.extra: Headers = list(extra)
        self.hosts = hosts
        self.shelf = Shelf()
        self.fresh_until = 0.0
        self.looking: asyncio.Future[None] | None = None
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="pages")
        published.remember(self)
        CachedPages.current = self

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path = scope["path"]
            answer = self.shelf.get(path)
            if answer is None or time.monotonic() > self.fresh_until:
                answer = await self._find(path) if published.may_be_page(path) else None
            if answer is not None and self._is_here(scope["headers"]):
                start, body = answer.to(scope["method"], scope["headers"])
                await send(start)
                await send(body)
                return
        await self.app(scope, receive, send)

    def ready(self, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
        """The page for a request target, if it is in memory, fresh and asked for at this host."""
        answer = self.shelf.get(target.decode("latin-1"))
        fresh = answer is not None and time.monotonic() <= self.fresh_until
        return answer if fresh and self._is_here(headers) else None

    def forget(self) -> None:
        """Called from any thread after a commit: an answer read before it lands on the shelf thrown away."""
        self.shelf = Shelf()
        self.fresh_until = 0.0

    def _is_here(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Of several hosts none is believed."""
        hosts = [value for name, value in headers if name == b"host"]
        return len(hosts) == 1 and hosts[0] in self.hosts

    async def _find(self, path: str) -> Answer | None:
        if time.monotonic() > self.fresh_until:
            await self._look()
        shelf = self.shelf
        if path in shelf:
            shelf.move_to_end(path)
            return shelf[path]
        answer: Answer | None = await self._in_thread(lambda: published.answer(path, self.extra))
        if answer is not None:
            shelf.put(path, answer)
        return answer

    async def _look(self) -> None:
        if self.looking is None:
            self.looking = asyncio.ensure_future(self._compare())
            self.looking.add_done_callback(self._looked)
        await asyncio.shield(self.looking)

    def _looked(self, done: "asyncio.Future[None]") -> None:
        self.looking = None
        done.exception()

    async def _compare(self) -> None:
        shelf, asked = self.shelf, time.monotonic()
        number = await self._in_thread(published.edition)
        if shelf.edition != number:
            self.shelf = shelf = Shelf(number)
        if self.shelf is shelf:
            self.fresh_until = asked + STALE_SECONDS

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        def call() -> Any:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self.thread, call)
