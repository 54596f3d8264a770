"""Serves the files of public media straight from their folder, before Django; single ranges (RFC 9110 §14) so
that films can be sought in. A medium that is no longer shown is not found from the next request on.

A web server in front may serve the same folder instead; the headers are then its task.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import anyio.to_thread

PREFIX = "/media/"
NAME = re.compile(
    r"/media/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/([a-z0-9]{1,20}\.([a-z0-9]{2,4}))"
)
RANGE = re.compile(rb"bytes=(\d{0,30})-(\d{0,30})", re.IGNORECASE)
ENTITY_TAG = re.compile(rb'"[^"]*"|\*')
CHUNK = 256 * 1024
TYPES = {
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
}
HEADERS = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"cache-control", b"public, max-age=3600, no-transform"),
    (b"accept-ranges", b"bytes"),
]


@dataclass(frozen=True, slots=True)
class Part:
    """Which bytes of a file are sent, with which status."""

    status: int
    start: int
    length: int


class MediaFiles:
    """ASGI: answers GET and HEAD of public media, and `app` for everything else."""

    def __init__(self, app: Any, folder: Path) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = NAME.fullmatch(scope["path"])
        if found is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        path = self.folder / found[1] / found[2]
        file = await anyio.to_thread.run_sync(_opened, path)
        if file is None or found[3] not in TYPES:
            await self.app(scope, receive, send)
            return
        try:
            await _answer(file, TYPES[found[3]], found[1], scope, send)
        finally:
            file.close()


async def _answer(file: BinaryIO, type: str, uid: str, scope: Any, send: Any) -> None:
    size = file.seek(0, 2)
    etag = b'"%s-%x"' % (uid[:13].encode(), size)
    asked = {
        name: value for name, value in scope["headers"] if name in (b"range", b"if-range", b"if-none-match")
    }
    headers = [*HEADERS, (b"etag", etag), (b"content-type", type.encode())]
    if type == "application/pdf":
        headers.append((b"content-disposition", b"attachment"))
    if {etag, b"*"} & set(ENTITY_TAG.findall(asked.get(b"if-none-match", b""))):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    in_part = scope["method"] == "GET" and asked.get(b"if-range", etag) == etag
    part = wanted(asked.get(b"range") if in_part else None, size)
    headers.append((b"content-length", str(part.length).encode()))
    if part.status == 206:
        last = part.start + part.length - 1
        headers.append((b"content-range", b"bytes %d-%d/%d" % (part.start, last, size)))
    elif part.status == 416:
        headers.append((b"content-range", b"bytes */%d" % size))
    await send({"type": "http.response.start", "status": part.status, "headers": headers})
    await _body(file, part, scope["method"], send)


def wanted(header: bytes | None, size: int) -> Part:
    """What a Range header asks of a file of this size; several ranges are answered by the whole."""
    found = RANGE.fullmatch(header or b"")
    if found is None or found[0] == b"bytes=-":
        return Part(200, 0, size)
    if not found[1]:
        length = min(int(found[2]), size)
        return Part(206, size - length, length) if length else Part(416, 0, 0)
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if last < start and found[2]:
        return Part(200, 0, size)
    if start >= size:
        return Part(416, 0, 0)
    return Part(206, start, min(last, size - 1) - start + 1)


async def _body(file: BinaryIO, part: Part, method: str, send: Any) -> None:
    left = 0 if method == "HEAD" else part.length
    if left:
        await anyio.to_thread.run_sync(file.seek, part.start)
    while left:
        chunk = await anyio.to_thread.run_sync(file.read, min(CHUNK, left))
        if not chunk:
            break
        left -= len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _opened(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except OSError:
        return None
