"""A real site process: starts, serves, keeps what it has, stops quickly, stays small."""

from __future__ import annotations

import json
import os
import signal
import stat
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from deploy.local.processes import Site, bind_address
from homevault.protocol.addresses import Address
from social.ops import server
from tests.server.conftest import PASSWORD
from tests.server.identities import Identity

MAKE = Callable[..., Site]
ALLAUTH = "/_allauth/browser/v1"
REFERENCE_RSS = 120 * 1024
STOPS_AT_LAST = 15.0  # with a machine's worth of patience; the connection would stay for ever


class Secureless(CookieJar):
    """A browser sends Secure cookies to loopback hosts over http; Python's jar has to be told."""

    def set_cookie(self, cookie: Any) -> None:
        cookie.secure = False
        super().set_cookie(cookie)


class Browser:
    """Talks to a site as the app does."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.jar = Secureless()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        data = json.dumps(body).encode() if body is not None else None
        url = f"{self.site.origin}{path}"
        request = urllib.request.Request(
            url, data, {"Content-Type": "application/json", **headers}, method=method
        )
        if method not in ("GET", "HEAD"):
            request.add_header("X-CSRFToken", self.csrf())
        try:
            answer = self.opener.open(request, timeout=15)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            raw = answer.read()
            kind = answer.headers.get("content-type", "")
            found = json.loads(raw) if raw and "json" in kind else raw
            return answer.status, found, {k.lower(): v for k, v in answer.headers.items()}

    def csrf(self) -> str:
        return str(self.ask("GET", "/api/v1/site")[1]["csrf"])

    def first_run(self, username: str = "alice") -> None:
        link = self.site.setup_link()
        assert link
        token = link.partition("#")[2]
        assert self.ask("POST", "/api/v1/setup", {"token": token})[0] == 204
        body = {"username": username, "password": PASSWORD}
        assert self.ask("POST", f"{ALLAUTH}/auth/signup", body)[0] == 200

    def log_in(self, username: str = "alice") -> int:
        return self.ask("POST", f"{ALLAUTH}/auth/login", {"username": username, "password": PASSWORD})[0]


def rss(pid: int) -> int:
    """KiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1])


def test_the_first_run_on_a_real_site_and_everything_after_a_restart(site: Site) -> None:
    browser = Browser(site)
    link = site.setup_link()
    assert link == site.setup_link()
    assert link is not None
    assert link.startswith(f"{site.origin}/app/setup#")
    browser.first_run()
    identity = Identity()
    proof = identity.possession(Address(site.host, site.port, "alice"))
    body = {"list": identity.device_list(), "proof": proof}
    assert browser.ask("PUT", "/api/v1/keys/list", body)[0] == 200
    profile = {"name": "Alice", "description": "Bakes bread 🍞 & writes."}
    assert browser.ask("PATCH", "/api/v1/me/profile", profile)[1]["name"] == "Alice"
    key = browser.ask("GET", "/api/v1/site")[1]["key"]

    site.stop()
    site.start()
    site.wait_ready()

    assert site.setup_link() is None
    me = browser.ask("GET", "/api/v1/me")[1]
    assert (me["username"], me["account"]) == ("alice", identity.account.public)
    assert me["profile"]["description"] == profile["description"]
    assert browser.ask("GET", "/api/v1/site")[1]["key"] == key
    assert Browser(site).log_in() == 200


def test_two_sign_ups_at_the_same_time_make_one_member(site: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    link = site.setup_link()
    assert link
    browsers = [Browser(site) for _ in range(4)]
    for browser in browsers:
        assert browser.ask("POST", "/api/v1/setup", {"token": link.partition("#")[2]})[0] == 204

    def sign_up(number: int) -> int:
        body = {"username": f"member{number}", "password": PASSWORD}
        return browsers[number].ask("POST", f"{ALLAUTH}/auth/signup", body)[0]

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(sign_up, range(4)))
    assert answers == [200, 403, 403, 403]


def test_the_data_folder_is_for_its_owner_only(site: Site) -> None:
    Browser(site).first_run()
    assert stat.S_IMODE(site.folder.stat().st_mode) == 0o700
    loose = [
        path.name
        for path in site.folder.rglob("*")
        if path.parent.name != "log" and path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert loose == []


def test_every_route_carries_the_security_headers(site: Site) -> None:
    browser = Browser(site)
    paths = [
        "/",
        "/@nobody",
        "/app/",
        "/app/talk",
        "/api/v1/site",
        "/api/v1/me",
        "/api/v1/nothing",
        f"{ALLAUTH}/auth/session",
        "/.well-known/porchlight",
        "/.well-known/porchlight/keys/nobody",
        "/federation/inbox",
        "/nothing/at/all",
    ]
    for path in paths:
        headers = browser.ask("GET", path)[2]
        assert "default-src 'none'" in headers.get("content-security-policy", ""), path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-embedder-policy"] == "require-corp", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "server" not in headers, path


def test_private_answers_are_kept_by_nobody_and_public_ones_make_no_cookie(site: Site) -> None:
    browser = Browser(site)
    for path in ("/api/v1/site", "/api/v1/me", f"{ALLAUTH}/auth/session"):
        assert "no-store" in browser.ask("GET", path)[2]["cache-control"], path
    for path in ("/", "/@nobody", "/app/", "/.well-known/porchlight"):
        assert "set-cookie" not in browser.ask("GET", path)[2], path


def test_failures_are_pages_for_people_and_json_for_programs(site: Site) -> None:
    browser = Browser(site)
    status, page, _ = browser.ask("GET", "/nothing/at/all")
    assert status == 404
    assert b"There is nothing here." in page
    assert b"public-" in page
    assert b"<script" not in page
    status, found, _ = browser.ask("GET", "/api/v1/nothing")
    assert (status, found["code"]) == (404, "not_found")
    assert browser.ask("POST", "/api/v1/me/profile", {})[1]["code"] == "login"


def test_another_host_and_a_huge_body_are_refused(site: Site) -> None:
    browser = Browser(site)
    assert browser.ask("GET", "/api/v1/site", Host="evil.example")[0] == 421
    assert browser.ask("POST", "/api/v1/setup", {"token": "x" * 400_000})[0] == 413
    assert browser.ask("GET", "/api/v1/site")[0] == 200


def test_forbidden_and_absent_look_alike(site: Site) -> None:
    anybody = Browser(site)
    assert anybody.ask("GET", "/api/v1/keys")[1]["code"] == "login"
    Browser(site).first_run()
    member = anybody.ask("GET", "/.well-known/porchlight/keys/alice")
    nobody = anybody.ask("GET", "/.well-known/porchlight/keys/nobody")
    assert member[:2] == nobody[:2]
    assert member[0] == 404


def test_it_stops_though_a_connection_stays_open(site: Site) -> None:
    import socket

    open_connection = socket.create_connection((bind_address(site.host), site.port))
    open_connection.sendall(b"POST /api/v1/setup HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert site.child
    assert site.child.process
    os.kill(site.child.pid, signal.SIGTERM)
    assert site.child.process.wait(STOPS_AT_LAST) == 0
    open_connection.close()
    assert server.END_SECONDS < 2


def test_an_idle_site_is_small(site: Site) -> None:
    assert site.child
    browser = Browser(site)
    for path in ("/", "/api/v1/site", "/.well-known/porchlight"):
        browser.ask("GET", path)
    assert rss(site.child.pid) <= REFERENCE_RSS


def test_the_log_says_nothing_of_passwords_tokens_or_cookies(site: Site) -> None:
    browser = Browser(site)
    browser.first_run()
    browser.log_in()
    browser.ask("GET", "/api/v1/people/lookup?address=@somebody@nowhere.invalid")
    site.stop()
    assert site.child
    log = site.child.log.read_text()
    secrets = [PASSWORD, *(cookie.value for cookie in browser.jar if cookie.value), "somebody"]
    assert [word for word in secrets if word in log] == []
