"""Jobs under Celery, where a site has Redis: the same table, the same `drain_once`, woken by a hint.

A hint may be lost: the beat sweep (`BEAT`, for the Celery app's schedule) runs what nobody was woken for.
Jobs that need links stay with the site's own processes. Celery is loaded only where it is used.
"""

from __future__ import annotations

from typing import Any

from federation import here, jobs

TASK = "federation.drain"
BEAT: dict[str, Any] = {"federation-drain": {"task": TASK, "schedule": 30.0}}


def register() -> None:
    """Hint Celery at each committed enqueue, if this site has it."""
    if not here.is_single():
        jobs.on_wake(_hint)


def define(app: Any) -> None:
    """Give the Celery app its task; called where that app is made."""
    app.task(name=TASK, acks_late=True, ignore_result=True)(drain)


def drain() -> int:
    """Run the due jobs that need no link. Returns how many ran."""
    from federation.drain import drain_once

    return drain_once(jobs.kinds(linked=False))


def _hint() -> None:
    from celery import current_app  # type: ignore[import-untyped]

    current_app.send_task(TASK, retry=False, ignore_result=True, expires=30)
