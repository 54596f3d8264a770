"""Jobs: one table, the only truth about what is still to be done, for everything that may fail and be tried
again.

`enqueue` in the transaction that makes the work necessary: both are committed, or neither. A job runs at
least once; handlers are idempotent. A handler that returns is done with it; one that raises is run again
after 1 min, doubling to 6 h, and given up after seven days (`failed` is told). `Retry` sets another delay,
`Failed` gives up at once. (kind, key) is unique: enqueued again while waiting it is one job with the newer
payload and the earlier time; enqueued again while running it runs once more. At most `per_group` jobs of a
group and `at_once` of a kind run at a time (exactly so with one process; two workers that claim at the same
instant may exceed it), so that a dead destination holds up nobody else, nor many slow ones all other work.
"""

from __future__ import annotations

import inspect
import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Least

from federation import clock
from federation.models import Job
from homevault.protocol.encoding import b64encode

log = logging.getLogger(__name__)
FIRST_DELAY = clock.MINUTE
LONGEST_DELAY = 6 * clock.HOUR
GIVE_UP = 7 * clock.DAY
LEASE = 5 * clock.MINUTE
NEVER = 2**62
ANY_NUMBER = 2**31
ABROAD = 10
"""How many of a kind run at a time where strangers' servers decide how long that takes: each such kind
together leaves room in `drain.AT_ONCE` for mail and hints."""

Handler = Callable[[Job], Any]
"""Sync (run in a thread) or async; gets the job: `.payload`, `.key`, `.group`, `.attempts`."""
OnFailed = Callable[[Job, str, str], Any]
"""Sync or async; gets the job, an error code and a detail for logs."""


class Retry(Exception):
    """Not now. `delay` in seconds, None for the usual back-off. With `counted=False` it was no attempt."""

    def __init__(self, delay: float | None = None, reason: str = "", *, counted: bool = True) -> None:
        super().__init__(reason)
        self.delay, self.reason, self.counted = delay, reason, counted


class Failed(Exception):
    """Never. `code` is told to the kind's `failed`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of one kind are run. `linked` ones need this process's links and are never given to Celery."""

    name: str
    handler: Handler
    failed: OnFailed | None
    per_group: Callable[[str], int]
    at_once: int
    linked: bool

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.handler)


_kinds: dict[str, Kind] = {}
_wakers: list[Callable[[], None]] = []


def register(
    kind: str,
    handler: Handler,
    *,
    failed: OnFailed | None = None,
    per_group: int | Callable[[str], int] = 1,
    at_once: int = ANY_NUMBER,
    linked: bool = False,
) -> None:
    """Say who does jobs of this kind; call it from AppConfig.ready()."""
    limit = per_group if callable(per_group) else lambda group: per_group
    _kinds[kind] = Kind(kind, handler, failed, limit, at_once, linked)


def kind(name: str) -> Kind:
    return _kinds[name]


def kinds(*, linked: bool | None = None) -> list[str]:
    """The names of all registered kinds, or of those that do (do not) need links."""
    return [name for name, found in _kinds.items() if linked is None or found.linked == linked]


def enqueue(kind: str, key: str, payload: Any, run_at: int | None = None, group: str | None = None) -> None:
    """Have a job done, at `run_at` (ms) or as soon as the transaction is committed. `payload` is bytes or
    JSON; `group` (default: the job alone) names, within the kind, what must not be asked by too many at
    once."""
    blob = payload if isinstance(payload, bytes) else None
    fields = {
        "data": None if blob is not None else payload,
        "blob": blob,
        "created": clock.now(),
    }
    when = clock.now() if run_at is None else run_at
    if not _renew(kind, key, when, fields):
        try:
            with transaction.atomic():
                Job.objects.create(
                    kind=kind, key=key, group=f"{kind}:{group or key}", next_run_at=when, **fields
                )
        except IntegrityError:
            _renew(kind, key, when, fields)
    transaction.on_commit(wake, robust=True)


def cancel(kind: str, key: str) -> None:
    """Forget a job; one that runs already finishes."""
    Job.objects.filter(kind=kind, key=key).delete()


def hurry(kind: str, group: str) -> None:
    """Run the waiting jobs of a group now: what they waited for is back."""
    if Job.objects.filter(group=f"{kind}:{group}", lease_until=0).update(next_run_at=clock.now()):
        wake()


def hold(kind: str, group: str, until: int) -> None:
    """Run no waiting job of a group before `until` (ms): what they want asked to be left alone."""
    waiting = Job.objects.filter(group=f"{kind}:{group}", lease_until=0, next_run_at__lt=until)
    waiting.update(next_run_at=until)


def wake() -> None:
    """Tell whoever drains the table that there is something to do."""
    for waker in list(_wakers):
        waker()


def on_wake(waker: Callable[[], None]) -> None:
    _wakers.append(waker)


def off_wake(waker: Callable[[], None]) -> None:
    _wakers.remove(waker)


def _renew(kind: str, key: str, when: int, fields: dict[str, Any]) -> int:
    return Job.objects.filter(kind=kind, key=key).update(
        generation=F("generation") + 1, next_run_at=Least(F("next_run_at"), when), **fields
    )


# --- the life of a job ------------------------------------------------------------------------


def next_due(names: Collection[str]) -> int | None:
    """When the next job of these kinds is due, or its lease over; None if there is none."""
    found = Job.objects.filter(kind__in=names)
    waiting = (
        found.filter(lease_until=0).order_by("next_run_at").values_list("next_run_at", flat=True).first()
    )
    leased = (
        found.filter(lease_until__gt=0).order_by("lease_until").values_list("lease_until", flat=True).first()
    )
    return min((when for when in (waiting, leased) if when is not None), default=None)


def claim(limit: int, names: Collection[str]) -> list[Job]:
    """Lease up to `limit` due jobs of these kinds, oldest first, no group and no kind more than it may."""
    now = clock.now()
    with transaction.atomic():
        _recover(now)
        running = Counter(Job.objects.filter(lease_until__gt=0).values_list("group", flat=True))
        claimed = _choose(limit, names, now, running)
        lease = b64encode(os.urandom(16))
        Job.objects.filter(pk__in=[job.pk for job in claimed]).update(
            lease=lease, lease_until=now + LEASE, next_run_at=NEVER, attempts=F("attempts") + 1
        )
    for job in claimed:
        job.lease, job.attempts = lease, job.attempts + 1
    return claimed


def _recover(now: int) -> None:
    Job.objects.filter(lease_until__gt=0, lease_until__lte=now).update(
        lease="", lease_until=0, next_run_at=Least(F("next_run_at"), now)
    )


def _choose(limit: int, names: Collection[str], now: int, running: Counter[str]) -> list[Job]:
    chosen: list[Job] = []
    busy: Counter[str] = Counter()
    for group, count in running.items():
        busy[_kind_of(group)] += count
    full = {group for group, count in running.items() if count >= _limit_of(group)}
    while len(chosen) < limit:
        wanted = limit - len(chosen)
        free = [name for name in names if busy[name] < _at_once(name)]
        batch = list(_due(free, now, full, chosen)[:wanted])
        for job in batch:
            if job.group in full or busy[job.kind] >= _at_once(job.kind):
                continue
            chosen.append(job)
            busy[job.kind] += 1
            running[job.group] += 1
            if running[job.group] >= _limit_of(job.group):
                full.add(job.group)
        if len(batch) < wanted:
            break
    return chosen


def _due(names: Collection[str], now: int, full: set[str], chosen: list[Job]) -> Any:
    found = Job.objects.filter(kind__in=names, lease_until=0, next_run_at__lte=now)
    found = found.exclude(group__in=full).exclude(pk__in=[job.pk for job in chosen])
    if connection.features.has_select_for_update_skip_locked:
        found = found.select_for_update(skip_locked=True)
    return found.order_by("next_run_at", "id")


def _kind_of(group: str) -> str:
    return group.partition(":")[0]


def _limit_of(group: str) -> int:
    name, _, rest = group.partition(":")
    return _kinds[name].per_group(rest) if name in _kinds else 1


def _at_once(name: str) -> int:
    return _kinds[name].at_once if name in _kinds else ANY_NUMBER


def finish(job: Job) -> None:
    """It is done: the row goes, unless it was enqueued again meanwhile."""
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, lease=job.lease)
        if not mine.filter(generation=job.generation).delete()[0]:
            mine.update(lease="", lease_until=0, attempts=0)


def postpone(job: Job, why: Retry) -> None:
    """Try again later."""
    delay = back_off(job.attempts) if why.delay is None else int(why.delay * 1_000)
    Job.objects.filter(pk=job.pk, lease=job.lease).update(
        lease="",
        lease_until=0,
        next_run_at=Least(F("next_run_at"), clock.now() + delay),
        attempts=job.attempts if why.counted else job.attempts - 1,
        problem=why.reason[:200],
    )


def is_too_old(job: Job) -> bool:
    return clock.now() - job.created >= GIVE_UP


def back_off(attempts: int) -> int:
    """Milliseconds to wait after so many attempts, up to a fifth less so that not all come at once."""
    longest = min(FIRST_DELAY * 2 ** min(max(attempts, 1) - 1, 20), LONGEST_DELAY)
    return int(longest * random.uniform(0.8, 1.0))  # noqa: S311 - no secret


def release_all() -> None:
    """Free every lease. Only where this is the one process, at its start: the leases are of one that died."""
    Job.objects.filter(lease_until__gt=0).update(
        lease="", lease_until=0, next_run_at=Least(F("next_run_at"), clock.now())
    )
