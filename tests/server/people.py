"""People who use real sites by HTTP, as the app in their browser does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

import httpx

from deploy.local.processes import Site
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.comments import make_comment
from tests.server.conftest import PASSWORD
from tests.server.identities import CLOCK, RANDOM, Identity

T = TypeVar("T")
DEADLINE = 10.0


class Person:
    """The owner of a site, signed up, enrolled and logged in."""

    def __init__(self, site: Site, username: str) -> None:
        self.site, self.username = site, username
        self.identity = Identity()
        self.http = httpx.Client(base_url=site.origin, timeout=30, trust_env=False)
        self.csrf = ""
        self.cookies: dict[str, str] = {}

    @classmethod
    def moves_in(cls, site: Site, username: str) -> Self:
        person = cls(site, username)
        token = site.manage("setup_link").split("#")[1]
        person.ask("GET", "/api/v1/site")
        person.ask("POST", "/api/v1/setup", {"token": token}, 204)
        person.sign_up()
        proof = person.identity.possession(person.address)
        person.ask("PUT", "/api/v1/keys/list", {"list": person.identity.device_list(), "proof": proof})
        return person

    @classmethod
    def joins(cls, site: Site, username: str, token: str) -> Self:
        """Somebody who comes by an invite link and has no keys yet."""
        person = cls(site, username)
        person.ask("GET", "/api/v1/site")
        person.ask("POST", "/api/v1/join", {"token": token}, 204)
        person.sign_up()
        return person

    def sign_up(self) -> None:
        given = {"username": self.username, "password": PASSWORD}
        self.ask("POST", "/_allauth/browser/v1/auth/signup", given)
        self.ask("GET", "/api/v1/me")

    @classmethod
    def logs_in(cls, site: Site, username: str) -> Self:
        """Another browser of a member who has moved in."""
        person = cls(site, username)
        person.ask("GET", "/api/v1/site")
        given = {"username": username, "password": PASSWORD}
        person.ask("POST", "/_allauth/browser/v1/auth/login", given)
        person.ask("GET", "/api/v1/me")
        return person

    @property
    def address(self) -> Address:
        return Address.make(self.site.host, self.site.port, self.username)

    @property
    def home(self) -> str:
        return f"{self.site.origin}/@{self.username}"

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """One request; what it answered, parsed, if it has a body."""
        answer = self.raw(method, path, body)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        found = answer.json() if answer.content else None
        if isinstance(found, dict) and found.get("csrf"):
            self.csrf = found["csrf"]
        return found

    def raw(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Cookies are `__Host-` ones, which httpx would not send by plain http."""
        headers = {"Origin": self.site.origin, "Referer": self.site.origin + "/", "X-CSRFToken": self.csrf}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.http.request(method, path, json=body, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        self.http.cookies.clear()
        return answer

    def write(self, source: str, title: str | None = None) -> dict[str, Any]:
        return dict(self.ask("POST", "/api/v1/posts", {"title": title, "source": source}, 201))

    def follow(self, address: str, status: int = 201) -> dict[str, Any]:
        return dict(self.ask("POST", "/api/v1/follows", {"address": address}, status))

    def timeline(self) -> list[dict[str, Any]]:
        return list(self.ask("GET", "/api/v1/timeline")["items"])

    def in_timeline(self, url: str) -> dict[str, Any]:
        """The thing with this URL, waited for."""
        return until(lambda: next((one for one in self.timeline() if one["url"] == url), None))

    def comments(self, name: str) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"/api/v1/timeline/{name}/comments")["comments"])

    def signed_comment(self, post: str, text: str, **changes: Any) -> dict[str, Any]:
        """`{comment, certificate}` as the browser makes it; `changes` replace arguments of `make_comment`."""
        device = self.identity.browser
        parts = {
            "account": self.identity.account.public,
            "author": self.address,
            "device": device.key,
            "name": self.username.title(),
            "post": post,
            "text": text,
            "now": CLOCK.now(),
            "random": RANDOM,
            **changes,
        }
        return {"comment": make_comment(**parts), "certificate": device.certificate()}

    def enrolled_certificate(self) -> dict[str, Any]:
        """The certificate as it stands in the list at the site."""
        devices = self.ask("GET", "/api/v1/keys")["list"]["devices"]
        return next(one for one in devices if one["device"] == self.identity.browser.id)

    def comment(self, name: str, post: str, text: str, status: int = 201, **changes: Any) -> Any:
        body = self.signed_comment(post, text, **changes)
        body["certificate"] = self.enrolled_certificate()
        assert canonical(body)
        return self.ask("POST", f"/api/v1/timeline/{name}/comments", body, status)

    def pending(self) -> list[dict[str, Any]]:
        return list(self.ask("GET", "/api/v1/comments/pending")["comments"])

    def page(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """A public page, as a stranger gets it."""
        return httpx.get(self.site.origin + path, headers=headers, trust_env=False, timeout=10)


def until(found: Callable[[], T | None], seconds: float = DEADLINE) -> T:
    """What `found` gives once it gives something; AssertionError when that takes too long."""
    deadline = time.monotonic() + seconds
    while True:
        result = found()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing came within {seconds} s")
        time.sleep(0.02)
