"""What every request passes: private answers are kept by nobody, and a login is seen while it is used."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from social.accounts import known, sessions

PRIVATE = ("/api/", "/_allauth/")


class PrivateAnswers:
    """Sets `Cache-Control: no-store` under PRIVATE unless the view said something else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SeenSessions:
    """Notes when a logged-in browser was last here, and that it is one of its member's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        private = request.path.startswith(PRIVATE)
        if private and request.user.is_authenticated:
            sessions.seen(request)
        response = self.get_response(request)
        if private and request.user.is_authenticated:
            known.remember(request, response, request.user.get_username())
        return response
