"""At the start of the site: pages made by another version of it are made anew before the first request."""

from __future__ import annotations

from federation import threads
from social.public import build


async def start() -> None:
    await threads.run(build.ensure_current)


async def stop() -> None:
    return None
