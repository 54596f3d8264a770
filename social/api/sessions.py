"""Who asks: the session cookie of a login here, with Django's CSRF check."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class SessionLogin(SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        """Makes "not logged in" a 401, apart from the 403 of "not allowed"."""
        return "Session"


class CheckedAnonymous(SessionLogin):
    """Checks the CSRF token of everybody, logged in or not."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        self.enforce_csrf(request)
        return super().authenticate(request)
