"""Which devices each member lists, kept in memory for the relay, which asks for every piece of mail.

A change in this process is seen at once (`forget`); another worker's within SECONDS.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from social.accounts import visitors
from social.accounts.models import Device, User, Visitor

SECONDS = 5.0
MOST = 10_000

_known: dict[str, tuple[float, set[str]]] = {}


def cached(username: str) -> set[str] | None:
    """What is known and fresh; None means that `devices_of` has to be asked."""
    found = _known.get(username)
    return found[1] if found and found[0] > time.monotonic() else None


def devices_of(username: str) -> set[str] | None:
    """The listed devices of a member or visitor, None if there is nobody enrolled by that name. Asks the
    database."""
    if visitors.is_visitor(username):
        visitor = visitors.of_username(username)
        return {visitor.device} if visitor else None
    if not User.objects.filter(username=username, is_active=True, account__isnull=False).exists():
        return None
    found = set(Device.objects.filter(user__username=username).values_list("device", flat=True))
    if len(_known) >= MOST:
        _known.clear()
    _known[username] = (time.monotonic() + SECONDS, found)
    return found


def forget(username: str) -> None:
    _known.pop(username, None)


def standing(devices: Collection[str]) -> set[str]:
    """Those of these devices that some member lists, or that a visitor here has."""
    listed = Device.objects.filter(device__in=devices).values_list("device", flat=True)
    visiting = Visitor.objects.filter(device__in=devices).values_list("device", flat=True)
    return {*listed, *visiting}
