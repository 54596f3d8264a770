"""A member's browser for the bench: logs in by password and asks the API, over connections that stay open."""

from __future__ import annotations

import time
from typing import Any, Self

import httpx

from tests.bench.posts import PASSWORD, USERNAME

PATIENCE_SECONDS = 60


class Browser:
    """Keeps cookies by itself: `__Host-` ones are not sent by plain http otherwise."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = httpx.Client(base_url=origin, trust_env=False, timeout=PATIENCE_SECONDS)
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What it answered, parsed. RuntimeError unless the answer is a good one."""
        answer = self.raw(method, path, body)
        if not answer.is_success:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    def raw(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {
            "Origin": self.origin,
            "X-CSRFToken": self.csrf,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        answer = self.http.request(method, path, json=body, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        self.http.cookies.clear()
        return answer

    def look(self) -> None:
        """Take the token that changes need."""
        self.csrf = self.ask("GET", "/api/v1/site")["csrf"]

    def log_in(self) -> float:
        """As the member of `tests.bench.posts`; the seconds of the request that carries the password."""
        self.look()
        begun = time.perf_counter()
        given = {"username": USERNAME, "password": PASSWORD}
        self.ask("POST", "/_allauth/browser/v1/auth/login", given)
        seconds = time.perf_counter() - begun
        self.look()
        return seconds
