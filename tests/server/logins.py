"""A browser that logs in step by step, in this process."""

from __future__ import annotations

import base64
from typing import Any

from django.test import Client

from federation import clock
from social.accounts import totp
from tests.server.conftest import PASSWORD

ALLAUTH = "/_allauth/browser/v1/auth"
HOST = {"host": "localhost:8001"}
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Browser:
    def __init__(self, address: str = "127.0.0.1") -> None:
        self.client = Client(
            enforce_csrf_checks=True, headers={**HOST, "user-agent": AGENT}, REMOTE_ADDR=address
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        token = self.client.get("/api/v1/site").json()["csrf"]
        call = getattr(self.client, method.lower())
        if method == "GET":
            return call(path)
        return call(path, body or {}, content_type="application/json", headers={"X-CSRFToken": token})

    def log_in(self, username: str = "alice", password: str = PASSWORD) -> Any:
        return self.ask("POST", f"{ALLAUTH}/login", {"username": username, "password": password})

    def give_code(self, code: str) -> Any:
        return self.ask("POST", f"{ALLAUTH}/2fa/authenticate", {"code": code})

    def log_out(self) -> Any:
        return self.ask("DELETE", f"{ALLAUTH}/session")

    def is_in(self) -> bool:
        return bool(self.client.get("/api/v1/me").status_code == 200)

    def security(self) -> dict[str, Any]:
        return dict(self.client.get("/api/v1/me/security").json())

    def sessions(self) -> list[dict[str, Any]]:
        return list(self.client.get("/api/v1/me/sessions").json())

    def add_totp(self) -> tuple[App, list[str]]:
        """An app with the new secret, and the recovery codes that came with it."""
        begun = self.ask("POST", "/api/v1/me/security/totp").json()
        app = App(begun["secret"])
        answer = self.ask("PUT", "/api/v1/me/security/totp", {"code": app.code()})
        assert answer.status_code == 200, answer.content
        return app, answer.json()["recovery_codes"]


class App:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self.secret = base64.b32decode(secret)

    def code(self, steps: int = 0) -> str:
        """The code now, or some steps of 30 seconds away."""
        return totp.code_at(self.secret, totp.step_at(clock.now()) + steps)


def code_of(answer: Any) -> str:
    """The stable code of a failure, ours or allauth's."""
    found = answer.json()
    return str(found["errors"][0]["code"] if "errors" in found else found["code"])
