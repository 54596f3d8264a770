"""Answers that depend on who asks are kept by nobody: no cache, no history of a shared browser."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
