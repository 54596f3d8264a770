"""What accounts run beside the requests: nothing but the last sightings, written at the end."""

from __future__ import annotations

from federation import threads
from social.accounts import sightings


async def start() -> None:
    """Nothing to start."""


async def stop() -> None:
    await threads.run(sightings.write)
