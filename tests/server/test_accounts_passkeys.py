"""Passkeys as a browser shows them to the site, and as somebody else would like to."""

from __future__ import annotations

from typing import Any

import pytest

from social.accounts.models import User
from tests.server.authenticator import SoftAuthenticator
from tests.server.conftest import PASSWORD, Clock
from tests.server.logins import ALLAUTH, Browser, code_of

PASSKEYS = "/api/v1/me/security/passkeys"
pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(now: Clock) -> Browser:
    return member("alice")


def member(name: str) -> Browser:
    User.objects.create_user(name, PASSWORD)
    browser = Browser()
    assert browser.log_in(name).status_code == 200
    return browser


def add(browser: Browser, key: SoftAuthenticator, name: str = "Phone") -> Any:
    options = browser.ask("POST", f"{PASSKEYS}/options").json()["options"]
    return browser.ask("POST", PASSKEYS, {"name": name, "credential": key.create(options)})


def asked(browser: Browser, step: str = "login") -> dict[str, Any]:
    answer = browser.client.get(f"{ALLAUTH}/webauthn/{step}")
    return dict(answer.json()["data"]["request_options"])


def show(browser: Browser, credential: Any, step: str = "login") -> Any:
    return browser.ask("POST", f"{ALLAUTH}/webauthn/{step}", {"credential": credential})


def enter(key: SoftAuthenticator, browser: Browser | None = None) -> Browser:
    found = browser or Browser()
    show(found, key.get(asked(found)))
    return found


def test_a_passkey_logs_in_by_itself(alice: Browser) -> None:
    key = SoftAuthenticator()
    answer = add(alice, key)
    assert len(answer.json()["recovery_codes"]) == 10
    assert alice.security()["passkeys"][0]["name"] == "Phone"
    browser = enter(key)
    assert browser.client.get("/api/v1/me").json()["username"] == "alice"
    assert alice.security()["passkeys"][0]["used"] is not None


def test_a_passkey_is_the_second_step_after_a_password(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    half = Browser()
    pending = half.log_in().json()["data"]["flows"]
    assert next(flow["types"] for flow in pending if flow.get("is_pending")) == ["recovery_codes", "webauthn"]
    assert not half.is_in()
    assert show(half, key.get(asked(half, "authenticate")), "authenticate").status_code == 200
    assert half.is_in()


def test_a_passkey_shows_again_who_is_there(alice: Browser, now: Clock) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    now.forward(600)
    assert alice.ask("POST", f"{PASSKEYS}/options").status_code == 403
    assert show(alice, key.get(asked(alice, "reauthenticate")), "reauthenticate").status_code == 200
    assert alice.ask("POST", f"{PASSKEYS}/options").status_code == 200


def test_a_passkey_is_named_and_removed(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    path = f"{PASSKEYS}/{alice.security()['passkeys'][0]['id']}"
    assert alice.ask("PATCH", path, {"name": "Old phone"}).status_code == 204
    assert alice.security()["passkeys"][0]["name"] == "Old phone"
    assert alice.ask("DELETE", path).status_code == 204
    assert alice.ask("DELETE", path).status_code == 404
    assert alice.security() == {"totp": None, "recovery_codes": None, "passkeys": [], "email": ""}
    assert not enter(key).is_in()


def test_one_member_cannot_touch_or_use_the_passkey_of_another(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    bob = member("bob")
    path = f"{PASSKEYS}/{alice.security()['passkeys'][0]['id']}"
    assert bob.ask("DELETE", path).status_code == bob.ask("PATCH", path, {"name": "x"}).status_code == 404
    add(bob, SoftAuthenticator())
    half = Browser()
    half.log_in("bob")
    assert code_of(show(half, key.get(asked(half, "authenticate")), "authenticate")) == "incorrect_code"
    assert not half.is_in()


def test_an_answer_opens_one_login(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    browser = Browser()
    answer = key.get(asked(browser))
    thief = Browser()
    asked(thief)
    assert show(thief, answer).status_code == 400
    assert show(browser, answer).status_code == 200
    browser.log_out()
    assert show(browser, answer).status_code == 400


def test_a_challenge_is_for_one_answer_also_a_wrong_one(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    for wrong in (None, SoftAuthenticator(user_handle=key.user_handle)):
        browser = Browser()
        options = asked(browser)
        assert show(browser, wrong.get(options) if wrong else {}).status_code == 400
        assert show(browser, key.get(options)).status_code == 400
        assert not browser.is_in()


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (300.001, 400)])
def test_a_challenge_lives_five_minutes(alice: Browser, now: Clock, seconds: float, status: int) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    browser = Browser()
    answer = key.get(asked(browser))
    now.forward(seconds)
    assert show(browser, answer).status_code == status


def test_a_passkey_that_does_not_count_on_was_copied(alice: Browser) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    assert enter(key).is_in()
    key.counter -= 1
    assert not enter(key).is_in()
    assert enter(key).is_in()
    never = SoftAuthenticator(counts=False)
    add(alice, never)
    assert enter(never).is_in()
    assert enter(never).is_in()


def test_nobody_adds_the_passkey_of_another(alice: Browser) -> None:
    """By its id, which whoever knows the password of its member is told."""
    key = SoftAuthenticator()
    add(alice, key)
    bob = member("bob")
    answer = add(bob, SoftAuthenticator(id=key.id))
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")
    assert bob.security()["passkeys"] == []
    assert enter(key).client.get("/api/v1/me").json()["username"] == "alice"


def test_an_answer_that_names_another_member_is_refused(alice: Browser) -> None:
    key, other = SoftAuthenticator(), SoftAuthenticator()
    add(alice, key)
    add(member("bob"), other)
    key.user_handle = other.user_handle
    assert not enter(key).is_in()


def test_a_member_has_twenty_passkeys_at_most(alice: Browser) -> None:
    answers = [add(alice, SoftAuthenticator()).status_code for _ in range(21)]
    assert answers == [200] * 20 + [400]


def test_passkeys_are_asked_for_and_guessed_at_slowly(alice: Browser) -> None:
    path = f"{ALLAUTH}/webauthn/login"
    asked_often = [Browser("203.0.113.9").client.get(path).status_code for _ in range(21)]
    assert asked_often == [200] * 20 + [429]
    guessed = [show(Browser("203.0.113.10"), {}).status_code for _ in range(11)]
    assert guessed == [400] * 10 + [429]
    assert show(Browser("203.0.113.11"), {}).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://localhost:8002"},
        {"origin": "https://localhost:8001"},
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"verifies": False},
        {"counter": 0},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(alice: Browser, change: dict[str, Any]) -> None:
    key = SoftAuthenticator()
    add(alice, key)
    assert enter(key).is_in()
    for name, value in change.items():
        setattr(key, name, value)
    browser = Browser()
    answer = show(browser, key.get(asked(browser)))
    assert (answer.status_code, code_of(answer)) == (400, "incorrect_code")
    assert not browser.is_in()


@pytest.mark.parametrize("change", [{"origin": "http://evil.example"}, {"host": "evil"}, {"verifies": False}])
def test_a_passkey_made_elsewhere_is_not_added(alice: Browser, change: dict[str, Any]) -> None:
    answer = add(alice, SoftAuthenticator(**change))
    assert (answer.status_code, answer.json()["code"]) == (400, "passkey_refused")
    assert alice.security()["passkeys"] == []


@pytest.mark.parametrize("credential", [None, {}, [], "x", 1, {"id": "x"}, {"rawId": 5, "response": {}}])
def test_rubbish_is_no_passkey(alice: Browser, credential: Any) -> None:
    browser = Browser()
    asked(browser)
    assert show(browser, credential).status_code == 400
    alice.ask("POST", f"{PASSKEYS}/options")
    assert alice.ask("POST", PASSKEYS, {"name": "x", "credential": credential}).status_code == 400
