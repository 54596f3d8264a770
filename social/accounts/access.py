"""Who may do what with an account: the few functions that every view and the relay's policy ask.

What one may not see and what is not there give the same answer (`Absent`).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from federation import clock
from social.accounts import sessions
from social.accounts.models import Device, User

RECENTLY = 5 * clock.MINUTE


class Absent(Http404):
    """Not there, or not for the one who asks."""


class NotRecent(PermissionDenied):
    """The login is too old for this: show the password or a factor again, then repeat the request."""


def require_recent_login(request: HttpRequest) -> None:
    """Ask this before anything that changes who can log in, or that only its member should see.

    Logged in, or a password, code or passkey shown again, within RECENTLY. Raises NotRecent.
    """
    if clock.now() - sessions.proven_at(request.session) > RECENTLY:
        raise NotRecent


def member(user: Any) -> User:
    """The member who is logged in. Raises PermissionDenied for anybody else."""
    if not isinstance(user, User) or not user.is_active:
        raise PermissionDenied
    return user


def resident(username: str) -> User:
    """The member of this name, enrolled or not. Raises Absent."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Absent
    return found


def enrolled(username: str) -> User:
    """The member of this name who has an account key. Raises Absent."""
    found = resident(username)
    if found.account is None:
        raise Absent
    return found


def listed_device(user: User, device: str) -> Device:
    """A device on this member's newest list. Raises Absent."""
    found = Device.objects.filter(user=user, device=device).first()
    if found is None:
        raise Absent
    return found
