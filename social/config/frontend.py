"""The app's files under /app/, straight from memory and disk before Django: built once, read at start.

Beside a file may lie the same in gzip, sent to those who take it. Any other path under /app/ is the app's
index, never cached, so that its places can be linked and reloaded. Files with a hash in their name may be
kept for ever. Where the owner chose a theme, the app wears it (`wearing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
from channels.db import database_sync_to_async
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from social.config import wearing
from social.config.headers import refuse
from social.public.assets import Clothes
from social.public.pages import FOREVER

PREFIX = "/app/"
HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
FILE_LIKE = re.compile(r"assets/|[^/@]*\.[^/]*\Z")  # a place may end in an address with dots
CHUNK = 64 * 1024
NOT_BUILT = b"The app has not been built here yet."


def immutable(path: str, url: str) -> bool:
    return url.startswith(f"{PREFIX}assets/") and bool(HASHED.search(url))


def cache_headers(headers: Any, path: str, url: str) -> None:
    if immutable(path, url):
        headers["Cache-Control"] = FOREVER
    elif url.endswith((".html", "/", "/sw.js", ".webmanifest")):
        headers["Cache-Control"] = "no-cache"


def wsgi_names(headers: Any) -> dict[str, str]:
    return {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
        for name, value in headers
    }


class Frontend:
    """ASGI: answers GET and HEAD under /app/ and hands everything else on. `clothes` says what the app wears
    now; it may ask the database."""

    def __init__(self, app: Any, dist: Path, clothes: Callable[[], Clothes | None]) -> None:
        self.app = app
        self.clothes = database_sync_to_async(clothes)
        self.files = WhiteNoise(
            None,
            max_age=0,
            index_file=True,
            add_headers_function=cache_headers,
            mimetypes={".webmanifest": "application/manifest+json"},
        )
        if dist.is_dir():
            self.files.add_files(str(dist), prefix=PREFIX)
        index = dist / "index.html"
        self.index = index.read_bytes() if index.is_file() else b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == PREFIX[:-1]:
            await self._redirect(send)
        elif scope["path"].startswith(PREFIX):
            await self._answer(scope, send)
        else:
            await self.app(scope, receive, send)

    async def _redirect(self, send: Any) -> None:
        headers = [(b"location", PREFIX.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def find(self, path: str) -> StaticFile | None:
        found = self.files.files.get(path)
        if found is None and not FILE_LIKE.match(path.removeprefix(PREFIX)):
            found = self.files.files.get(PREFIX)
        return found

    def _changes(self, scope: Any, found: StaticFile | None) -> bool:
        """Whether a theme makes a difference to this answer."""
        index = found is not None and found is self.files.files.get(PREFIX)
        return scope["method"] in ("GET", "HEAD") and (index or wearing.is_sheet(scope["path"]))

    async def _answer(self, scope: Any, send: Any) -> None:
        found = self.find(scope["path"])
        if self._changes(scope, found) and (clothes := await self.clothes()) is not None:
            for message in wearing.answer(scope, self.index, clothes):
                await send(message)
            return
        if found is None:
            built = PREFIX in self.files.files
            await refuse(send, 404, b"not_found", b"There is nothing here." if built else NOT_BUILT)
            return
        answer = found.get_response(scope["method"], wsgi_names(scope["headers"]))
        headers = [(k.lower().encode(), v.encode()) for k, v in answer.headers]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        await self._body(answer.file, send)

    async def _body(self, file: Any, send: Any) -> None:
        if file is not None:
            try:
                while chunk := await anyio.to_thread.run_sync(file.read, CHUNK):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            finally:
                file.close()
        await send({"type": "http.response.body", "body": b""})
