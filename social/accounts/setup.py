"""The first run: a one-time token lets one session make the first user, and then never again.

The token is a 0600 file in the data folder, printed as a link by `manage.py setup_link`. Redeeming it marks
the session; the first sign-up writes the `Setup` row in the same transaction, which shuts the door for all.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from social.accounts.models import Setup, User

TOKEN_BYTES = 32
SESSION_MARK = "setup"


class Closed(PermissionDenied):
    """The first run is over, or this session may not do it."""


def is_done() -> bool:
    return Setup.objects.exists()


def token_path() -> Path:
    return settings.PORCHLIGHT.setup_token_file or settings.PORCHLIGHT.data / "setup-token"


def token() -> str | None:
    """The token, made if there is none yet; None once the first run is over."""
    if is_done():
        return None
    path = token_path()
    with contextlib.suppress(FileExistsError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(TOKEN_BYTES) + "\n")
    return path.read_text(encoding="ascii").strip()


def link() -> str | None:
    found = token()
    return f"{settings.PORCHLIGHT.origin}/app/setup#{found}" if found else None


def redeem(session: SessionBase, given: str) -> bool:
    """Let this session sign up if the token is right. Doing it twice changes nothing."""
    if session.get(SESSION_MARK):
        return True
    found = token()
    if not found or not hmac.compare_digest(found.encode(), given.encode()):
        return False
    session[SESSION_MARK] = True
    return True


def may_sign_up(request: HttpRequest) -> bool:
    return bool(request.session.get(SESSION_MARK)) and not is_done()


def finish(request: HttpRequest, user: User) -> None:
    """Save the first user, who owns the site, and end the first run, or neither. Raises Closed."""
    if not request.session.get(SESSION_MARK):
        raise Closed
    try:
        with transaction.atomic():
            Setup.objects.create(id=Setup.THE_ONE)
            user.role = User.OWNER
            user.save()
    except IntegrityError as error:
        raise Closed from error
    token_path().unlink(missing_ok=True)
