"""At the start of the site: what a crash left between rows and files is put right."""

from __future__ import annotations

from federation import threads
from social.media import library


async def start() -> None:
    await threads.run(library.settle_all)


async def stop() -> None:
    return None
