"""Slows down guessing: buckets that leak, kept in the database, so that all processes and restarts see one.

A bucket takes `burst` tries at once and gets one back every `seconds`; a try that does not fit changes
nothing and is told how long to wait. A try is counted before it is judged, so that many at once are no more
than one after the other, and given back if it succeeded. The names of buckets are keyed hashes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from federation import clock
from social.accounts.models import Bucket


@dataclass(frozen=True, slots=True)
class Rate:
    burst: int
    seconds: float

    @property
    def interval(self) -> int:
        """Milliseconds until one try comes back."""
        return int(self.seconds * clock.SECOND)


PASSWORD_OF_ACCOUNT = Rate(5, 6)
FACTOR_OF_ACCOUNT = Rate(5, 60)
PHRASE_OF_ACCOUNT = Rate(5, 60)
MAIL_OF_ACCOUNT = Rate(3, 600)
MAIL_TO_ADDRESS = Rate(3, 600)
FAILURES_OF_ADDRESS = Rate(10, 6)
QUESTIONS_OF_ADDRESS = Rate(20, 3)

Limit = tuple[str, str, Rate]
"""What is limited, of whom, and how."""


class Throttled(Exception):
    """Too many tries; `wait` are the seconds until the next one is judged."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait

    @property
    def sentence(self) -> str:
        text = ngettext(
            "Too many tries. Wait %(count)d second, then try again.",
            "Too many tries. Wait %(count)d seconds, then try again.",
            self.wait,
        )
        return text % {"count": self.wait}


def name_of(what: str, who: str) -> str:
    return salted_hmac("porchlight.throttle", f"{what}:{who}", algorithm="sha256").hexdigest()


def take(*limits: Limit) -> None:
    """Count one try against all of these, or none. Raises Throttled."""
    now = clock.now()
    named = {name_of(what, who): rate for what, who, rate in limits}
    with transaction.atomic():
        rows = locked(named, now)
        fill = {name: max(row.empty_at, now) + named[name].interval for name, row in rows.items()}
        over = max(at - now - named[name].burst * named[name].interval for name, at in fill.items())
        if over > 0:
            raise Throttled(ceil(over / clock.SECOND))
        for name, row in rows.items():
            row.empty_at = fill[name]
            row.save(update_fields=["empty_at"])


def give_back(*limits: Limit) -> None:
    """A try that was counted did no harm."""
    now = clock.now()
    named = {name_of(what, who): rate for what, who, rate in limits}
    with transaction.atomic():
        for name, row in locked(named, now).items():
            row.empty_at -= named[name].interval
            row.save(update_fields=["empty_at"])


@contextmanager
def guess(*limits: Limit) -> Iterator[None]:
    """Around a judgement: what leaves by an exception stays counted. Raises Throttled."""
    take(*limits)
    yield
    give_back(*limits)


def locked(names: Collection[str], now: int) -> dict[str, Bucket]:
    """The rows of these buckets, made where missing, held until the transaction ends."""
    new = [Bucket(name=name, empty_at=now) for name in sorted(names)]
    Bucket.objects.bulk_create(new, ignore_conflicts=True)
    found = Bucket.objects.select_for_update().filter(name__in=names).order_by("name")
    return {row.name: row for row in found}


def prune() -> None:
    """Forget empty buckets: they are as good as none."""
    Bucket.objects.filter(empty_at__lte=clock.now()).delete()
