"""A member's logins: opened, listed, seen, ended. An ended one is dead at once for requests, and its sockets
are closed: here by the hint that follows its end, anywhere else by a look at the table every SWEEP_SECONDS.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from federation import clock
from signaling import relay
from social.accounts import browsers
from social.accounts.models import LoginSession, User
from social.accounts.sessionstore import BROWSER, OPENED, PUBLIC_ID, SYSTEM

RENEWED = "renewed"
PROVEN = "proven"
SEEN_EVERY = clock.MINUTE
RENEW_EVERY = clock.DAY
MOST_NOTED = 10_000

_noted: dict[str, int] = {}


def opened(request: HttpRequest, user: User) -> None:
    """Somebody has logged in with this session."""
    now = clock.now()
    browser, system = browsers.kind_of(request.headers.get("User-Agent", ""))
    request.session.update(
        {
            PUBLIC_ID: secrets.token_urlsafe(16),
            OPENED: now,
            RENEWED: now,
            BROWSER: browser,
            SYSTEM: system,
        }
    )
    proven(request)


def proven(request: HttpRequest) -> None:
    """The member has just shown who they are, by a login or by repeating a factor."""
    request.session[PROVEN] = clock.now()


def proven_at(session: SessionBase) -> int:
    """When they last did; 0 for never."""
    return int(session.get(PROVEN, 0))


def public_id(session: SessionBase) -> str:
    return str(session.get(PUBLIC_ID, ""))


def seen(request: HttpRequest) -> None:
    """Note a request of a logged-in session, and lengthen its life once a day."""
    note([public_id(request.session)])
    if clock.now() - int(request.session.get(RENEWED, 0)) > RENEW_EVERY:
        request.session[RENEWED] = clock.now()


def note(ids: Collection[str]) -> None:
    """Remember that these are in use; written at most every SEEN_EVERY."""
    now = clock.now()
    due = [id for id in ids if id and now - _noted.get(id, 0) >= SEEN_EVERY]
    if len(_noted) > MOST_NOTED:
        _noted.clear()
    if due:
        _noted.update(dict.fromkeys(due, now))
        LoginSession.objects.filter(public_id__in=due).update(seen=now)


def of(user: User) -> QuerySet[LoginSession]:
    """The member's living sessions, the newest first."""
    living = LoginSession.objects.filter(user=user, expire_date__gt=timezone.now())
    return living.exclude(public_id="").order_by("-seen", "-opened")


def end_named(user: User, ids: Collection[str]) -> int:
    """End those of these ids; how many there were."""
    return end_these(user, LoginSession.objects.filter(user=user, public_id__in=ids).exclude(public_id=""))


def end(user: User, id: str) -> bool:
    """End one; False if there is none of this id."""
    return bool(id) and end_these(user, LoginSession.objects.filter(user=user, public_id=id)) > 0


def end_others(user: User, keep: str) -> int:
    """End all but one; how many."""
    return end_these(user, LoginSession.objects.filter(user=user).exclude(public_id=keep))


def end_all(user: User) -> int:
    return end_these(user, LoginSession.objects.filter(user=user))


def end_these(user: User, rows: QuerySet[LoginSession]) -> int:
    with transaction.atomic():
        ids = list(rows.values_list("public_id", flat=True))
        rows.delete()
    for id in ids:
        hang_up(user.username, id)
    return len(ids)


def hang_up(username: str, id: str) -> None:
    """Close the sockets of a session that has ended, once that is committed."""
    if id:
        transaction.on_commit(lambda: relay.end_session(username, id))


def standing(ids: Collection[str]) -> set[str]:
    """Those of these sessions that still let their member in."""
    rows = LoginSession.objects.filter(public_id__in=ids, expire_date__gt=timezone.now())
    return {row.public_id for row in rows.select_related("user") if stands(row)}


def stands(row: LoginSession) -> bool:
    """Whether its member is active and has the password with which it was opened."""
    hash: Any = row.get_decoded().get(HASH_SESSION_KEY, "")
    user = row.user
    return user is not None and user.is_active and constant_time_compare(hash, user.get_session_auth_hash())


def sweep() -> None:
    """Forget what has expired."""
    LoginSession.objects.filter(expire_date__lte=timezone.now()).delete()
