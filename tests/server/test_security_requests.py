"""Who may ask at all: every operation without a CSRF token or from another page, and what is forbidden
beside what is not there."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.server.conftest import PASSWORD, Member, logged_in
from tests.server.furnished import House, Names, parameters_of, path_of
from tests.server.logins import ALLAUTH
from tests.server.operations import Operation, example, operations

pytestmark = pytest.mark.django_db
HOST = "localhost:8001"
ABROAD = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:8002"},
    {"origin": "http://localhost:8001.evil.example"},
    {"origin": "https://localhost:8001"},
)
CHANGING = [one for one in operations() if one.method != "get"]
OPEN_TO_ALL = {("timeline", "name"), ("shows", "place"), ("texts", "kind"), ("blocks", "address")}
"""What every member sees, or names by what it is about."""
OWNED = [one for one in operations() if parameters_of(one) and not OPEN_TO_ALL & {*parameters_of(one)}]
NOWHERE = {
    "id": "999999999",
    "uid": "00000000-0000-4000-8000-000000000000",
    "device": "A" * 43,
    "username": "nobody",
}


def ask(client: Client, operation: Operation, names: Names, **headers: str) -> Any:
    cache.clear()
    return client.generic(
        operation.method.upper(),
        path_of(operation, names),
        b"{}" if operation.method != "get" else b"",
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def careful(house: House) -> Client:
    """The owner's browser against a site that checks CSRF tokens, as real ones do."""
    client = Client(enforce_csrf_checks=True, headers={"host": HOST})
    client.cookies = deepcopy(house[0].client.cookies)
    return client


@pytest.fixture
def token(careful: Client) -> str:
    return str(careful.get("/api/v1/site").json()["csrf"])


@pytest.mark.parametrize("operation", CHANGING, ids=str)
def test_changes_need_the_token_and_this_origin(
    operation: Operation, house: House, careful: Client, token: str
) -> None:
    names = house[1]
    wrong = [{}, {"x-csrftoken": ""}, {"x-csrftoken": "a" * 64}, {"x-csrftoken": token[::-1]}]
    for headers in [*wrong, *({"x-csrftoken": token, **one} for one in ABROAD)]:
        answer = ask(careful, operation, names, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), headers
    for origin in ({}, {"origin": f"http://{HOST}"}):
        answer = ask(careful, operation, names, **{"x-csrftoken": token, **origin})
        assert answer.status_code != 403 or answer.json()["code"] != "csrf"


def test_behind_https_a_foreign_referer_is_no_better(careful: Client, token: str) -> None:
    for referer in ("https://evil.example/", "http://localhost:8001/", ""):
        headers = {"x-csrftoken": token, **({"referer": referer} if referer else {})}
        answer = careful.post(
            "/api/v1/drafts", {"source": "x"}, content_type="application/json", headers=headers, secure=True
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), referer


@pytest.mark.parametrize("operation", OWNED, ids=str)
def test_what_is_forbidden_looks_like_what_is_not_there(operation: Operation, house: House) -> None:
    eve = logged_in("eve")
    there = told_to(eve, operation, house[1])
    absent = {key: NOWHERE.get(key[1], value) for key, value in house[1].items()}
    assert there == told_to(eve, operation, absent)
    assert there[0] in (400, 403, 404), there


def told_to(member: Member, operation: Operation, names: Names) -> tuple[int, bytes, dict[str, str]]:
    """(status, body, headers) of one request with a body that fits."""
    cache.clear()
    answer = member.client.generic(
        operation.method.upper(),
        path_of(operation, names),
        b"" if operation.body is None else settled(operation),
        content_type="application/json",
        headers={"tus-resumable": "1.0.0"},
    )
    return answer.status_code, answer.content, dict(answer.items())


def settled(operation: Operation) -> bytes:

    return json.dumps(example(operation.body or {})).encode()


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_answers_are_kept_by_nobody(operation: Operation, house: House) -> None:
    """Logged in or not: `no-store`, or, for a picture of one's own, `private`."""
    for client in (house[0].client, Client(headers={"host": HOST})):
        kept = ask(client, operation, house[1]).headers["Cache-Control"]
        assert "no-store" in kept or kept.startswith("private"), kept


def test_cookies_are_for_this_host_over_https_only(db: None) -> None:
    logged_in("alice")
    client = Client(headers={"host": HOST})
    client.get("/api/v1/site")
    body = {"username": "alice", "password": PASSWORD}
    assert client.post(f"{ALLAUTH}/login", body, content_type="application/json").status_code == 200
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"], name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert cookie["httponly"] or name == settings.CSRF_COOKIE_NAME, name
    assert settings.SESSION_COOKIE_NAME in client.cookies


@pytest.mark.parametrize(
    "forged",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https", "x-forwarded-port": "1"},
        {"forwarded": "for=1.2.3.4;host=evil.example;proto=https"},
        {"x-original-url": "/api/v1/moderation", "x-rewrite-url": "/api/v1/moderation"},
        {"x-http-method-override": "DELETE"},
    ],
)
def test_forged_headers_change_no_answer(forged: dict[str, str], house: House) -> None:
    client = house[0].client
    for path in ("/api/v1/posts", "/api/v1/me", "/@olga", "/@olga/feed.json", "/.well-known/porchlight"):
        plain, other = client.get(path), client.get(path, headers=forged)
        assert other.status_code == plain.status_code, path
        assert b"evil.example" not in other.content
        assert unmasked(other) == unmasked(plain), path


def unmasked(answer: Any) -> Any:
    """Its body, without the CSRF token, which is masked anew in every answer."""
    found = answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content
    return {k: v for k, v in found.items() if k != "csrf"} if isinstance(found, dict) else found
