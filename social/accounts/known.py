"""Browsers in which a member has logged in before are counted by themselves when a password is guessed.

Names are public, so anybody could keep a member's bucket full; this cookie keeps the member's own browsers
out of that. It authorises nothing: whoever takes it may guess as slowly as any stranger.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-porchlight-known"
SALT = "porchlight.known"
LIFE = 365 * 24 * 60 * 60
NONCE_BYTES = 16


def mark_of(request: HttpRequest, username: str) -> str:
    """What tells this browser from others if this member has logged in with it; empty for any other."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFE) or ""
    name, _, nonce = value.rpartition(":")
    return nonce if name == username else ""


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Mark the browser of a member who is logged in, once."""
    if mark_of(request, username):
        return
    value = f"{username}:{secrets.token_urlsafe(NONCE_BYTES)}"
    response.set_signed_cookie(
        COOKIE, value, salt=SALT, max_age=LIFE, secure=True, httponly=True, samesite="Strict"
    )
