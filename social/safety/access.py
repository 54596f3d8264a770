"""Who may reach others, and who may moderate: the few functions that every view, service and the relay ask.

Green may do everything. Orange (a moderator's block) may read, edit and delete what is one's own; publishing,
commenting, bumping, recommending, writing to and asking anybody are `blocked`. Red (not connected) may
publish and comment; bumping and recommending are `not_connected`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from social.accounts import access, connected, standing
from social.accounts.models import User
from social.safety.errors import Unsafe

MODERATORS = (User.OWNER, User.MODERATOR)


def require_reach(user: User, device: str = "") -> None:
    """This member may do what touches others. Raises ProtocolError `blocked`."""
    standing.require_unblocked(user.username, device)


def may_reach(user: User) -> bool:
    return standing.block_of(user.username) is None


def require_lit(request: HttpRequest) -> User:
    """The member asking, who may reach others, from a browser that proved its device key and is connected.
    Raises ProtocolError `blocked` or Unsafe `not_connected`."""
    user = access.member(request.user)
    require_reach(user)
    if not connected.is_connected(request):
        raise Unsafe("not_connected")
    return user


def moderator(user: Any) -> User:
    """The member who is logged in, if they moderate. Raises PermissionDenied for anybody else."""
    found = access.member(user)
    if found.role not in MODERATORS:
        raise PermissionDenied
    return found


def acting_moderator(user: Any) -> User:
    """A moderator who may reach others: whom the owner has blocked looks on. Raises PermissionDenied,
    ProtocolError `blocked`."""
    found = moderator(user)
    require_reach(found)
    return found


def owner(user: Any) -> User:
    """The member who is logged in, if the site is theirs. Raises PermissionDenied for anybody else."""
    found = access.member(user)
    if found.role != User.OWNER:
        raise PermissionDenied
    return found


def require_below(by: User, username: str) -> None:
    """Nobody blocks themselves or the owner; only the owner blocks moderators. Raises Unsafe `own_kind`."""
    target = User.objects.filter(username=username).first()
    if target is None:
        return
    if target == by or target.role == User.OWNER or (target.role in MODERATORS and by.role != User.OWNER):
        raise Unsafe("own_kind")
