"""At the start of the site: pages made by another version of it are made anew before the first request, and
the files of a web server in front are put right."""

from __future__ import annotations

from federation import threads
from social.public import build, shelved


async def start() -> None:
    await threads.run(build.ensure_current)
    await threads.run(shelved.lay_all)


async def stop() -> None:
    return None
