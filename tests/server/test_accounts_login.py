"""Logging in with a name and a password; what a session is worth, and for how long it is recent."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from social.accounts import sessions
from social.accounts.models import LoginSession, User
from tests.server.conftest import PASSWORD, Clock
from tests.server.hashers import Counting
from tests.server.logins import ALLAUTH, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def members(db: None) -> None:
    for name in ("alice", "bob"):
        User.objects.create_user(name, PASSWORD)


@pytest.fixture
def alice(now: Clock) -> Browser:
    browser = Browser()
    assert browser.log_in().status_code == 200
    return browser


def test_nobody_learns_who_lives_here(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.server.hashers.Counting"]
    User.objects.create_user("carol", PASSWORD)
    answers, work = [], []
    for name in ("carol", "nobody", "n o b o d y"):
        before = Counting.hashes
        answer = Browser(f"198.51.100.{len(name)}").log_in(name, "not the password")
        answers.append((answer.status_code, answer.content))
        work.append(Counting.hashes - before)
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == 1


def test_a_name_is_found_with_capitals_and_spaces_around_it() -> None:
    assert Browser().log_in(" Alice ").status_code == 200


def test_passwords_may_be_in_any_script(alice: Browser) -> None:
    new = "Фонарь на крыльце 🏮"
    assert alice.ask("PUT", "/api/v1/me/password", {"password": new}).status_code == 204
    assert Browser().log_in(password=new).status_code == 200


SPACED = (
    "  a lantern by the gate",
    "a lantern by the gate  ",
    "a lantern\u00a0by the gate\u3000",
    "\ta lantern 12",
)


@pytest.mark.parametrize("password", SPACED)
def test_spaces_of_a_password_count(alice: Browser, password: str) -> None:
    assert alice.ask("PUT", "/api/v1/me/password", {"password": password}).status_code == 204
    assert Browser().log_in(password=password.strip() + "!").status_code == 400
    assert Browser().log_in(password=password).status_code == 200
    assert alice.ask("POST", f"{ALLAUTH}/reauthenticate", {"password": password}).status_code == 200


def test_a_password_is_the_same_however_its_letters_are_composed(alice: Browser) -> None:
    composed, apart = (unicodedata.normalize(form, "Café Ångström 12") for form in ("NFC", "NFD"))
    assert composed != apart
    assert alice.ask("PUT", "/api/v1/me/password", {"password": apart}).status_code == 204
    for typed in (composed, apart):
        assert Browser().log_in(password=typed).status_code == 200
        assert alice.ask("POST", f"{ALLAUTH}/reauthenticate", {"password": typed}).status_code == 200


@pytest.mark.parametrize(
    ("password", "status"),
    [
        ("lantern by" * 25 + "a gate", 204),
        ("lantern by" * 25 + "a gate.", 400),
        ("lantern ga", 204),
        ("lantern g", 400),
        ("e\u0301lan" + "tern" * 2, 204),
        ("e\u0301\u0301" * 4, 400),
        ("a lantern\0by the gate", 400),
        ("", 400),
    ],
)
def test_a_password_has_ten_to_256_characters(alice: Browser, password: str, status: int) -> None:
    answer = alice.ask("PUT", "/api/v1/me/password", {"password": password})
    assert answer.status_code == status, answer.content
    login = Browser().log_in(password=password)
    assert login.status_code == (200 if status == 204 else 400)
    assert Browser().log_in().status_code == (400 if status == 204 else 200)


# --- sessions and requests from elsewhere ---


def test_a_session_from_before_the_login_is_worth_nothing_after_it() -> None:
    browser = Browser()
    browser.client.get(f"{ALLAUTH}/webauthn/login")
    before = browser.client.cookies["__Host-porchlight"].value
    browser.log_in()
    assert browser.client.cookies["__Host-porchlight"].value != before
    thief = Browser()
    thief.client.cookies["__Host-porchlight"] = before
    assert not thief.is_in()


def test_a_login_that_is_not_finished_is_forgotten_soon(alice: Browser) -> None:
    alice.add_totp()
    half = Browser()
    half.log_in()
    Browser().client.get(f"{ALLAUTH}/webauthn/login")
    soon = timezone.now() + timedelta(hours=1, minutes=1)
    passing = LoginSession.objects.filter(user=None)
    assert passing.count() == passing.filter(expire_date__lt=soon).count() == 2
    assert not LoginSession.objects.filter(user__isnull=False, expire_date__lt=soon).exists()
    LoginSession.objects.update(expire_date=timezone.now())
    sessions.sweep()
    assert not LoginSession.objects.exists()
    assert not alice.is_in()


def test_a_login_that_is_used_lives_on(alice: Browser, now: Clock) -> None:
    """Its life is lengthened once a day, not with every request."""
    soon = timezone.now() + timedelta(days=1)
    LoginSession.objects.update(expire_date=soon)
    now.forward(24 * 3600)
    assert alice.is_in()
    assert LoginSession.objects.get(user__isnull=False).expire_date == soon
    now.forward(0.001)
    assert alice.is_in()
    assert LoginSession.objects.get(user__isnull=False).expire_date > soon + timedelta(days=50)


def test_each_step_needs_the_csrf_token(alice: Browser) -> None:
    for method, path in (
        ("post", f"{ALLAUTH}/login"),
        ("post", f"{ALLAUTH}/2fa/authenticate"),
        ("post", f"{ALLAUTH}/webauthn/login"),
        ("post", f"{ALLAUTH}/reauthenticate"),
        ("delete", f"{ALLAUTH}/session"),
        ("put", "/api/v1/me/password"),
        ("delete", "/api/v1/me/sessions"),
        ("post", "/api/v1/me/security/totp"),
    ):
        answer = getattr(alice.client, method)(path, {}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), path


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"username": {}, "password": []}', b"null"])
def test_bad_bodies_are_refused_quietly(body: bytes) -> None:
    for path in ("login", "webauthn/login"):
        browser = Browser()
        token = browser.client.get("/api/v1/site").json()["csrf"]
        headers = {"X-CSRFToken": token}
        url = f"{ALLAUTH}/{path}"
        answer = browser.client.post(url, body, content_type="application/json", headers=headers)
        assert answer.status_code == 400, path


# --- recent logins ---


SENSITIVE = (
    ("POST", "/api/v1/me/security/totp", {}),
    ("PUT", "/api/v1/me/security/totp", {"code": "123456"}),
    ("DELETE", "/api/v1/me/security/totp", {}),
    ("POST", "/api/v1/me/security/recovery-codes", {}),
    ("POST", "/api/v1/me/security/passkeys/options", {}),
    ("POST", "/api/v1/me/security/passkeys", {"name": "x", "credential": {}}),
    ("PATCH", "/api/v1/me/security/passkeys/1", {"name": "x"}),
    ("DELETE", "/api/v1/me/security/passkeys/1", {}),
    ("PUT", "/api/v1/me/password", {"password": "another lantern"}),
    ("DELETE", "/api/v1/me/sessions", {}),
)


@pytest.mark.parametrize(("method", "path", "body"), SENSITIVE)
def test_what_is_sensitive_needs_a_recent_login(
    alice: Browser, now: Clock, method: str, path: str, body: dict[str, Any]
) -> None:
    now.forward(5 * 60 + 1)
    answer = alice.ask(method, path, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_login")
    assert alice.ask("POST", f"{ALLAUTH}/reauthenticate", {"password": PASSWORD}).status_code == 200
    assert b"recent_login" not in alice.ask(method, path, body).content


def test_showing_a_wrong_password_or_code_again_does_not_count(alice: Browser, now: Clock) -> None:
    app, _ = alice.add_totp()
    now.forward(600)
    for path, body in (("reauthenticate", {"password": "wrong"}), ("2fa/reauthenticate", {"code": "000000"})):
        assert alice.ask("POST", f"{ALLAUTH}/{path}", body).status_code == 400
        assert alice.ask("DELETE", "/api/v1/me/sessions").status_code == 403
    assert alice.ask("POST", f"{ALLAUTH}/2fa/reauthenticate", {"code": app.code()}).status_code == 200
    assert alice.ask("DELETE", "/api/v1/me/sessions").status_code == 204


def test_a_login_is_recent_for_five_minutes(alice: Browser, now: Clock) -> None:
    now.forward(5 * 60)
    assert alice.ask("DELETE", "/api/v1/me/sessions").status_code == 204
    now.forward(0.001)
    assert alice.ask("DELETE", "/api/v1/me/sessions").json()["code"] == "recent_login"
