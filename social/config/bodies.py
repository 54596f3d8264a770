"""Caps request bodies before anything buffers them: by the declared length, and by what really comes."""

from __future__ import annotations

from typing import Any

from social.config.headers import refuse

KIB = 1024
DEFAULT = 256 * KIB
LARGER = (
    (b"/api/v1/media", 12 * KIB * KIB),
    (b"/api/v1/imports/", 9 * KIB * KIB),
    (b"/api/v1/posts", KIB * KIB),
)
"""Path prefixes that take more than DEFAULT bytes."""


class TooLarge(Exception):
    """The body goes on beyond its limit."""


def limit_of(path: bytes) -> int:
    return next((limit for prefix, limit in LARGER if path.startswith(prefix)), DEFAULT)


def declared(scope: Any) -> int:
    """The declared length; one that is no number counts as too much."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 1 << 62
    return 0


class BodyCap:
    """ASGI: answers 413 once a body is over its limit; the connection is closed with it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        limit = limit_of(scope["path"].encode())
        if declared(scope) > limit:
            await refuse(send, 413, b"too_large", b"That is more than this site takes at once.")
            return
        await self._counted(limit, scope, receive, send)

    async def _counted(self, limit: int, scope: Any, receive: Any, send: Any) -> None:
        taken = 0
        started = False

        async def count() -> Any:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge
            return message

        async def note(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, count, note)
        except TooLarge:
            if not started:
                await refuse(send, 413, b"too_large", b"That is more than this site takes at once.")
