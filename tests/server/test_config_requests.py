"""What every request meets before any view: host, body size, security headers, the app's files."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from social.config import bodies, environment
from social.config.environment import parse_pairs, read_environment
from social.config.folder import secret
from social.config.frontend import Frontend
from social.config.headers import KnownHost, SecurityHeaders, policy
from social.public.assets import Clothes
from social.public.published import Page

Answer = tuple[int, dict[str, str], bytes]
SITE = settings.PORCHLIGHT


def ask(
    app: Any,
    path: str = "/",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: list[bytes] | None = None,
) -> Answer:
    """One request to an ASGI application."""
    chunks = list(body or [b""])
    sent: list[Any] = []

    async def receive() -> Any:
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    lines = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "headers": lines, "query_string": b""}
    asyncio.run(app(scope, receive, send))
    start, *parts = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(part["body"] for part in parts)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body, as Django does, and says how long it was."""
    size = 0
    while True:
        message = await receive()
        size += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def say(status: int, *headers: tuple[bytes, bytes]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b""})

    return app


# --- host -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost:8001", "LOCALHOST:8001"])
def test_the_sites_own_name_is_answered(host: str) -> None:
    assert ask(KnownHost(say(200), SITE), headers={"host": host})[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost", "localhost:8002", "localhost:8001:1", ""])
def test_another_name_is_another_site(host: str) -> None:
    assert ask(KnownHost(say(200), SITE), headers={"host": host})[0] == 421


def test_no_host_or_two_hosts_are_refused() -> None:
    assert ask(KnownHost(say(200), SITE))[0] == 421
    app = KnownHost(say(200), SITE)
    twice = {"host": "localhost:8001", "x": "y"}

    async def doubled(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "headers": [*scope["headers"], (b"host", b"evil")]}, receive, send)

    assert ask(doubled, headers=twice)[0] == 421


def test_behind_https_the_name_stands_alone() -> None:
    public = replace(SITE, scheme="https", host="example.org", port=443, fetch_allow=frozenset())
    for host in ("example.org", "example.org:443"):
        assert ask(KnownHost(say(200), public), headers={"host": host})[0] == 200


# --- headers ----------------------------------------------------------------------------------


def test_every_answer_carries_the_security_headers() -> None:
    for status in (200, 304, 404, 500):
        _, headers, _ = ask(SecurityHeaders(say(status), SITE))
        assert headers["content-security-policy"] == policy(SITE)
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-embedder-policy"] == "require-corp"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_the_policy_allows_nothing_that_is_not_ours() -> None:
    rules = policy(SITE)
    assert "default-src 'none'" in rules
    assert "unsafe-inline" not in rules
    assert "'unsafe-eval'" not in rules
    public = replace(SITE, scheme="https", host="example.org", port=443)
    assert "connect-src 'self' wss://example.org;" in policy(public)


def test_an_answer_may_bring_a_policy_of_its_own() -> None:
    _, headers, _ = ask(SecurityHeaders(say(200, (b"content-security-policy", b"sandbox")), SITE))
    assert headers["content-security-policy"] == "sandbox"
    assert headers["x-content-type-options"] == "nosniff"


# --- bodies -----------------------------------------------------------------------------------


def test_a_body_within_the_limit_passes() -> None:
    assert ask(bodies.BodyCap(echo), method="POST", body=[b"x" * 1000] * 5)[2] == b"5000"


def test_a_declared_body_over_the_limit_is_not_read() -> None:
    headers = {"content-length": str(bodies.DEFAULT + 1)}
    status, _, body = ask(bodies.BodyCap(say(200)), method="POST", headers=headers)
    assert status == 413
    assert b"too_large" in body


def test_an_undeclared_body_over_the_limit_is_cut_off() -> None:
    half = b"x" * (bodies.DEFAULT // 2 + 1)
    assert ask(bodies.BodyCap(echo), method="POST", body=[half, half, half])[0] == 413


def test_a_length_that_is_no_number_is_refused() -> None:
    assert ask(bodies.BodyCap(echo), method="POST", headers={"content-length": "-1"})[0] == 413


# --- the app's files --------------------------------------------------------------------------


@pytest.fixture
def frontend(tmp_path: Path) -> Frontend:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>the app")
    (tmp_path / "assets" / "index-Ab12Cd34.js").write_text("run()")
    (tmp_path / "assets" / "pdf-Ab12Cd34.mjs").write_text("run()")
    return Frontend(say(299), tmp_path, lambda: None)


@pytest.mark.parametrize("path", ["/app/", "/app/talk", "/app/people/@bob@example.org", "/app/../manage.py"])
def test_every_place_of_the_app_is_its_index(frontend: Frontend, path: str) -> None:
    status, headers, body = ask(frontend, path)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert body.endswith(b"the app")
    assert ask(frontend, path, headers={"if-none-match": headers["etag"]})[0] == 304


def test_hashed_files_may_be_kept_for_ever(frontend: Frontend) -> None:
    status, headers, _ = ask(frontend, "/app/assets/index-Ab12Cd34.js")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert ask(frontend, "/app/assets/pdf-Ab12Cd34.mjs")[1]["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/app/assets/none.js", "/app/none.js", "/app/assets/../x.js"])
def test_a_file_that_is_not_there_is_not_the_index(frontend: Frontend, path: str) -> None:
    assert ask(frontend, path)[0] == 404


def test_the_rest_goes_on(frontend: Frontend) -> None:
    assert ask(frontend, "/apps")[0] == 299
    assert ask(frontend, "/app")[1]["location"] == "/app/"


def test_nothing_can_be_posted_to_a_file(frontend: Frontend) -> None:
    assert ask(frontend, "/app/", "POST")[0] == 405


INDEX = b"""<head><meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbf8f3" />
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14161a" />
<link rel="stylesheet" href="/app/assets/app.css"></head>"""
SHEET = f"/app/theme-{'ab' * 8}.css"
HARBOUR = Clothes(Page(SHEET, "text/css; charset=utf-8", b":root{}"), ("#f5f8fa", "#10171c"))


def test_the_app_wears_the_theme_that_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(INDEX)
    worn: list[Clothes | None] = [None]
    frontend = Frontend(say(299), tmp_path, lambda: worn[-1])
    plain = ask(frontend, "/app/")
    assert plain[2] == INDEX
    assert ask(frontend, SHEET)[0] == 404

    worn.append(HARBOUR)
    status, headers, index = ask(frontend, "/app/talk", headers={"if-none-match": plain[1]["etag"]})
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert index.endswith(f'app.css"><link rel="stylesheet" href="{SHEET}" data-theme></head>'.encode())
    assert index.index(b"light)") < index.index(b"#f5f8fa") < index.index(b"dark)") < index.index(b"#10171c")
    assert ask(frontend, "/app/", headers={"if-none-match": headers["etag"]})[0] == 304
    assert ask(frontend, "/app/", "HEAD")[2] == b""
    assert ask(frontend, "/app/", "POST")[0] == 405

    worn.append(None)
    assert ask(frontend, "/app/", headers={"if-none-match": headers["etag"]})[2] == INDEX


def test_a_themes_stylesheet_is_kept_for_ever_unless_it_is_another(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(INDEX)
    frontend = Frontend(say(299), tmp_path, lambda: HARBOUR)
    status, headers, body = ask(frontend, SHEET)
    assert (status, body, headers["content-type"]) == (200, b":root{}", "text/css; charset=utf-8")
    assert "immutable" in headers["cache-control"]
    status, headers, body = ask(frontend, SHEET.replace("ab", "cd"))
    assert (status, body, headers["cache-control"]) == (200, b":root{}", "no-cache")


# --- the environment and the folder -----------------------------------------------------------


def test_fetch_allow_is_read_exactly() -> None:
    assert parse_pairs("127.0.0.1:8001, [::1]:8001") == {("127.0.0.1", 8001), ("::1", 8001)}
    for wrong in ("localhost:8001", "127.0.0.1", "127.0.0.1:0", "127.1:80"):
        with pytest.raises(ImproperlyConfigured):
            parse_pairs(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORCHLIGHT_SCHEME": "ftp"},
        {"PORCHLIGHT_HOST": "not a host"},
        {"PORCHLIGHT_PORT": "99999"},
        {"PORCHLIGHT_PORT": "many"},
        {"PORCHLIGHT_SCHEME": "https", "FETCH_ALLOW": "127.0.0.1:8001"},
    ],
)
def test_a_wrong_environment_stops_the_start(
    wrong: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PORCHLIGHT_SCHEME": "http", "FETCH_ALLOW": "", **wrong}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured):
        read_environment(tmp_path)


def test_every_setting_of_the_environment_is_documented() -> None:
    source = Path(environment.__file__).read_text()
    names = {part.split('"')[0] for part in source.split('("')[1:] if part.split('"')[0].isupper()}
    assert len(names) >= 10
    for name in names:
        assert f'"""{name}:' in source, name


@pytest.mark.django_db(transaction=True)
def test_sqlite_keeps_what_it_acknowledged_and_its_references() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("another database")
    found = {}
    with connection.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            found[name] = cursor.execute(f"PRAGMA {name}").fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_takes_the_write_lock_at_its_start() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("another database")
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    with transaction.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    made = secret(tmp_path, "a-secret")
    assert secret(tmp_path, "a-secret") == made
    assert secret(tmp_path, "another") != made
    assert (tmp_path / "a-secret").stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 2
