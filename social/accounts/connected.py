"""Who is connected now, and whether the browser that makes a request is.

The websocket's handshake proves the key, and the socket belongs to the login that it came with; a request
of the same login counts as connected while that socket is open.
"""

from __future__ import annotations

from django.http import HttpRequest

from signaling import relay
from social.accounts import access, sessions
from social.accounts.models import Device

AT_ONCE = 400


def is_connected(request: HttpRequest) -> bool:
    login = sessions.public_id(request.session)
    return bool(login) and relay.login_online(access.member(request.user).username, login)


def members() -> set[str]:
    """The names of those who live here and have a device connected, in this process or another."""
    devices = sorted(relay.present())
    parts = (devices[start : start + AT_ONCE] for start in range(0, len(devices), AT_ONCE))
    rows = (Device.objects.filter(device__in=part).values_list("user__username", flat=True) for part in parts)
    return {name for part in rows for name in part}
