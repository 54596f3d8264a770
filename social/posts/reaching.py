"""Jobs that touch others wait while a moderator's block on the member stands; they look again now and then,
since it may be lifted early."""

from __future__ import annotations

from federation import clock, jobs
from social.accounts import standing

LOOK_AGAIN = 600
"""Seconds."""


def wait(username: str) -> None:
    """Raises jobs.Retry if this member is blocked now."""
    block = standing.block_of(username)
    if block is not None:
        left = (block.until - clock.now()) / clock.SECOND
        raise jobs.Retry(min(left, LOOK_AGAIN), "blocked", counted=False)
