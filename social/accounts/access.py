"""Who may do what with an account: the few functions that every view and the relay's policy ask.

What one may not see and what is not there give the same answer (`Absent`).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from social.accounts.models import Device, User


class Absent(Http404):
    """Not there, or not for the one who asks."""


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
