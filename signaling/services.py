"""What the relay runs beside its sockets: Redis, if there is one, and the end of old mail."""

from __future__ import annotations

import asyncio
import contextlib

from signaling import answers, mailbox
from signaling.registry import registry
from signaling.subscriber import subscriber

EXPIRY_SECONDS = 3_600.0
_expiry: asyncio.Task[None] | None = None


async def start() -> None:
    global _expiry
    registry.loop = asyncio.get_running_loop()
    subscriber.start()
    _expiry = asyncio.ensure_future(_expire())


async def stop() -> None:
    """What was submitted to the mailboxes is committed first."""
    if _expiry is not None:
        _expiry.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _expiry
    await subscriber.stop()
    await mailbox.writer.stop()


async def _expire() -> None:
    while True:
        try:
            await mailbox.expire()
        except Exception as error:
            answers.problem_of(error)
        await asyncio.sleep(EXPIRY_SECONDS)
