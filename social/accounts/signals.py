"""What happens when somebody logs in, shows a factor again, or logs out; connected when Django is ready."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from social.accounts import leaving, sessions
from social.accounts.models import User


def logged_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    leaving.come_back(user)
    sessions.opened(request, user)


def logged_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        sessions.hang_up(user.username, sessions.public_id(request.session))


def step_completed(sender: Any, request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    if reauthenticated:
        sessions.proven(request)


def connect() -> None:
    user_logged_in.connect(logged_in, dispatch_uid="porchlight.logged_in")
    user_logged_out.connect(logged_out, dispatch_uid="porchlight.logged_out")
    authentication_step_completed.connect(step_completed, dispatch_uid="porchlight.step")
