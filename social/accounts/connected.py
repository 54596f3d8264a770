"""Whether the browser that makes a request has proved its device key and is connected now.

The websocket's handshake proves the key, and the socket belongs to the login that it came with; a request
of the same login counts as connected while that socket is open.
"""

from __future__ import annotations

from django.http import HttpRequest

from signaling import relay
from social.accounts import access, sessions


def is_connected(request: HttpRequest) -> bool:
    login = sessions.public_id(request.session)
    return bool(login) and relay.login_online(access.member(request.user).username, login)
