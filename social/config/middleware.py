"""What every request passes: private answers are kept by nobody, and a login is seen while it is used."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from social.accounts import known, sessions
from social.config import failures

ALLAUTH = "/_allauth/"
PRIVATE = ("/api/", ALLAUTH)


class PrivateAnswers:
    """Sets `Cache-Control: no-store` under PRIVATE unless the view said something else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Languages:
    """Words answers to the app in the language it asks for; pages are the same for everyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        private = request.path.startswith(PRIVATE)
        tag = translation.get_language_from_request(request) if private else settings.LANGUAGE_CODE
        with translation.override(tag):
            return self.get_response(request)


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


class ReadableBodies:
    """Refuses what allauth's own reading of JSON would fail on: huge numbers, too deep, half characters."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALLAUTH) and not is_json(request.body or b"{}"):
            return failures.bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The standard library reads less deep than orjson, by as much as the stack is in use."""
        deep = isinstance(exception, RecursionError) and request.path.startswith(ALLAUTH)
        return failures.bad_request(request) if deep else None


def is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True
