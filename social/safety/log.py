"""The moderators' log: written in the transaction of the deed, never changed, shown to moderators."""

from __future__ import annotations

from typing import Any

from social.accounts.models import User
from social.safety.models import LogEntry

PAGE = 100
SITE = ""  # the site itself: what ends by its time


def record(by: User | None, deed: str, target: str = "", why: str = "", **details: Any) -> LogEntry:
    actor = by.username if by else SITE
    return LogEntry.objects.create(actor=actor, deed=deed, target=target, why=why, details=details)


def newest(before: int | None = None) -> list[LogEntry]:
    """The newest entries, or those before an entry's id."""
    found = LogEntry.objects.order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:PAGE])
