"""Leaving the site: at once nobody is there any more, and after some days nothing is.

Promise: from `leave` on, the member is not active: no page, no login stands, no mail is taken. Whoever logs
in again until then takes it back, whole. Then a job erases: what apps registered, then the rows of the
member with all that hangs on them; all in one transaction, and only the name stays, as taken.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal

from federation import clock, jobs, outbox
from federation.models import Job
from signaling import models as signaling
from social.accounts import directory, sessions
from social.accounts.models import FormerName, User

KIND = "erase"
Eraser = Callable[[User], None]
_erasers: list[Eraser] = []

handed_over = Signal()
"""`sender` is User; `user` leaves, and `heir` owns the site from now on. Inside the transaction."""


class LastOwner(Exception):
    """Others live here and nobody else would own the site."""


def register(eraser: Eraser) -> None:
    """Have `eraser` called, in the transaction that erases a member, for what no row of theirs takes along.
    Later layers go first. Call it from AppConfig.ready()."""
    _erasers.append(eraser)


def start() -> None:
    jobs.register(KIND, work)


def heirs(user: User) -> list[User]:
    """Who could own the site after this member; none where it need not be asked."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.role != User.OWNER or others.filter(role=User.OWNER).exists():
        return []
    return list(others.order_by("username"))


def leave(user: User, heir: str = "") -> int:
    """Go, for good at the time that is returned. `heir` is who owns the site then, if somebody has to.
    Raises LastOwner."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        _hand_over(user, heir)
        until = clock.now() + settings.PORCHLIGHT.grace_days * clock.DAY
        user.leaving, user.is_active = until, False
        user.save(update_fields=["leaving", "is_active", "role"])
        sessions.end_all(user)
        jobs.enqueue(KIND, str(user.pk), None, run_at=until)
        transaction.on_commit(partial(directory.forget, user.username))
    return until


def come_back(user: User) -> None:
    """The member logged in again; of who is not leaving nothing changes."""
    if user.leaving is None:
        return
    with transaction.atomic():
        user.leaving, user.is_active = None, True
        user.save(update_fields=["leaving", "is_active"])
        jobs.cancel(KIND, str(user.pk))
        transaction.on_commit(partial(directory.forget, user.username))


def work(job: Job) -> None:
    with transaction.atomic():
        due = User.objects.select_for_update().filter(pk=int(job.key), leaving__lte=clock.now()).first()
        if due is not None:
            erase(due)


@transaction.atomic
def erase(user: User) -> None:
    """Nothing of this member stays but the name."""
    for eraser in reversed(_erasers):
        eraser(user)
    outbox.forget(user.username)
    signaling.Body.objects.filter(username=user.username).delete()
    signaling.Usage.objects.filter(username=user.username).delete()
    signaling.Contact.objects.filter(key__startswith=f"{user.username} ").delete()
    FormerName.objects.get_or_create(username=user.username)
    user.delete()


def _hand_over(user: User, heir: str) -> None:
    possible = {one.username: one for one in heirs(user)}
    if not possible:
        return
    if heir not in possible:
        raise LastOwner
    next_owner = possible[heir]
    next_owner.role, user.role = User.OWNER, User.MEMBER
    next_owner.save(update_fields=["role"])
    handed_over.send(User, user=user, heir=next_owner)
