"""When each device was last connected: noted in memory, written together at most every SECONDS.

Not worth a durable write each: what a crash forgets is a few seconds of "last seen".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from federation import threads
from social.accounts import visitors
from social.accounts.models import Device

SECONDS = 2.0
_seen: dict[tuple[str, str], datetime] = {}
_writing: asyncio.Task[None] | None = None


_after: list[Callable[[], None]] = []


def after(callback: Callable[[], None]) -> None:
    """Register to be called, in a thread, after devices came or went; at most every SECONDS."""
    _after.append(callback)


def note(username: str, device: str) -> None:
    """From the event loop."""
    global _writing
    _seen[username, device] = timezone.now()
    if _writing is None or _writing.done():
        _writing = asyncio.ensure_future(_write_soon())


async def _write_soon() -> None:
    while _seen:
        await asyncio.sleep(SECONDS)
        await threads.run(write)


def write() -> None:
    """Store what was noted."""
    taken = {name: _seen.pop(name) for name in list(_seen)}
    if not taken:
        return
    with transaction.atomic():
        visitors.note_seen([username for username, _ in taken if visitors.is_visitor(username)])
        for (username, device), when in taken.items():
            if not visitors.is_visitor(username):
                Device.objects.filter(user__username=username, device=device).update(last_seen=when)
    for callback in _after:
        callback()
