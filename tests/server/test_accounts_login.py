"""Logging in: password, second factor, what a half-finished login gives, throttles."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils import timezone

from federation import clock
from social.accounts import sessions, totp
from social.accounts.models import Bucket, LoginSession, User
from tests.server.conftest import PASSWORD
from tests.server.hashers import Counting
from tests.server.logins import ALLAUTH, App, Browser, Clock, code_of

OTP = json.loads((Path(__file__).parents[1] / "data" / "otp.json").read_text())
pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture(autouse=True)
def members(db: None) -> None:
    for name in ("alice", "bob"):
        User.objects.create_user(name, PASSWORD)


@pytest.fixture
def alice(now: Clock) -> Browser:
    browser = Browser()
    assert browser.log_in().status_code == 200
    return browser


# --- codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", OTP["totp8"], ids=lambda case: f"{case['alg']}-{case['time']}")
def test_codes_are_those_of_rfc_6238(case: dict[str, Any]) -> None:
    secret = OTP["seeds_ascii"][case["alg"]].encode()
    assert totp.code_at(secret, case["time"] // 30, 8, case["alg"]) == case["code"]


def test_codes_are_those_of_rfc_4226() -> None:
    secret = OTP["seeds_ascii"]["sha1"].encode()
    assert [totp.code_at(secret, at) for at in range(10)] == OTP["hotp6_sha1_counter0to9"]


STEPS = ((-2, False), (2, False), (-1, True), (-1, False), (0, True), (1, True), (0, False), (1, False))


def test_a_code_counts_once_and_only_near_its_time(alice: Browser, now: Clock) -> None:
    app, _ = alice.add_totp()
    now.forward(300)
    codes = {steps: app.code(steps) for steps, _ in STEPS}
    for number, (steps, good) in enumerate(STEPS):
        browser = Browser(f"198.51.100.{number}")
        browser.log_in()
        browser.give_code(codes[steps])
        assert browser.is_in() == good, steps
        Bucket.objects.all().delete()


def test_the_code_that_set_up_the_app_is_used_up(alice: Browser) -> None:
    app, _ = alice.add_totp()
    browser = Browser()
    browser.log_in()
    assert code_of(browser.give_code(app.code())) == "incorrect_code"
    assert not browser.is_in()


@pytest.mark.django_db(transaction=True)
def test_one_code_opens_one_login_however_many_ask_at_once(now: Clock) -> None:
    owner = Browser()
    owner.log_in()
    app, _ = owner.add_totp()
    now.forward(60)
    browsers = [Browser(f"198.51.100.{number}") for number in range(4)]
    for browser in browsers:
        browser.log_in()

    def give(browser: Browser) -> bool:
        try:
            browser.give_code(app.code())
            return browser.is_in()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give, browsers)) == [False, False, False, True]


# --- half a login -------------------------------------------------------------------------------


def test_a_password_alone_gives_nothing_where_a_factor_is_asked_for(alice: Browser, now: Clock) -> None:
    app, _ = alice.add_totp()
    half = Browser()
    answer = half.log_in()
    pending = [flow for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]
    assert (answer.status_code, pending[0]["types"]) == (401, ["recovery_codes", "totp"])
    for path in ("me", "me/sessions", "me/security", "keys", "vaults", "timeline", "posts"):
        assert half.client.get(f"/api/v1/{path}").status_code in (401, 405), path
    for method, path in (
        ("POST", "me/security/totp"),
        ("POST", "me/security/recovery-codes"),
        ("PUT", "me/password"),
        ("DELETE", "me/sessions"),
    ):
        assert half.ask(method, f"/api/v1/{path}").status_code == 401, path
    assert half.ask("POST", f"{ALLAUTH}/reauthenticate", {"password": PASSWORD}).status_code == 401
    assert not half.is_in()
    assert len(alice.sessions()) == 1

    now.forward(30)
    assert half.give_code(app.code()).status_code == 200
    assert half.is_in()
    assert len(alice.sessions()) == 2


def test_a_code_without_a_password_before_it_opens_nothing(alice: Browser, now: Clock) -> None:
    app, codes = alice.add_totp()
    now.forward(30)
    browser = Browser()
    assert browser.give_code(app.code()).status_code == 401
    assert browser.give_code(codes[0]).status_code == 401
    assert not browser.is_in()


def test_the_half_login_of_one_member_takes_no_code_of_another(alice: Browser, now: Clock) -> None:
    alice.add_totp()
    bob = Browser()
    bob.log_in("bob")
    app, codes = bob.add_totp()
    now.forward(30)
    half = Browser()
    half.log_in("alice")
    assert code_of(half.give_code(app.code())) == "incorrect_code"
    assert code_of(half.give_code(codes[0])) == "incorrect_code"


# --- recovery codes -----------------------------------------------------------------------------


def test_a_recovery_code_counts_once_however_it_is_typed(alice: Browser) -> None:
    _, codes = alice.add_totp()
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    browser = Browser()
    browser.log_in()
    assert browser.give_code(typed).status_code == 200
    assert browser.is_in()
    assert alice.security()["recovery_codes"]["left"] == 9
    again = Browser()
    again.log_in()
    assert code_of(again.give_code(codes[0])) == "incorrect_code"


def test_recovery_codes_are_not_readable_where_they_are_kept(alice: Browser) -> None:
    app, codes = alice.add_totp()
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert base64.b32encode(app.secret).decode() not in kept


def test_new_recovery_codes_replace_the_old_ones_and_go_with_the_last_factor(alice: Browser) -> None:
    _, old = alice.add_totp()
    new = alice.ask("POST", "/api/v1/me/security/recovery-codes").json()["recovery_codes"]
    browser = Browser()
    browser.log_in()
    assert code_of(browser.give_code(old[0])) == "incorrect_code"
    assert browser.give_code(new[0]).status_code == 200
    assert alice.ask("DELETE", "/api/v1/me/security/totp").status_code == 204
    assert alice.security() == {"totp": None, "recovery_codes": None, "passkeys": [], "email": ""}
    assert Browser().log_in().status_code == 200


# --- who is there -------------------------------------------------------------------------------


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


# --- sessions and requests from elsewhere -------------------------------------------------------


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


# --- throttles ----------------------------------------------------------------------------------


def wrong(name: str, number: int, address: str | None = None) -> Any:
    return Browser(address or f"198.51.100.{number}").log_in(name, "not the password")


def test_an_account_is_guessed_at_five_times_then_slowly(now: Clock) -> None:
    assert [wrong("alice", number).status_code for number in range(5)] == [400] * 5
    answer = wrong("alice", 6)
    assert (answer.status_code, code_of(answer)) == (429, "too_many")
    wait = int(answer.headers["Retry-After"])
    assert str(wait) in answer.json()["errors"][0]["message"]
    assert Browser("198.51.100.7").log_in().status_code == 429
    assert Browser("198.51.100.7").log_in("bob").status_code == 200

    now.forward(wait - 1)
    assert Browser("198.51.100.7").log_in().status_code == 429
    now.forward(1)
    assert Browser("198.51.100.7").log_in().status_code == 200


def test_nobody_keeps_a_member_out_of_their_own_browser(now: Clock) -> None:
    own = Browser()
    own.log_in()
    cookie = own.client.cookies["__Host-porchlight-known"]
    assert cookie["secure"]
    assert cookie["httponly"]
    own.log_out()
    for number in range(6):
        wrong("alice", number)
    assert Browser().log_in().status_code == 429
    assert own.log_in().status_code == 200

    own.log_out()
    guesses = [own.log_in(password="not the password").status_code for _ in range(6)]
    assert guesses == [400] * 5 + [429]


def test_the_mark_of_a_browser_is_worth_nothing_forged_or_for_another_member(now: Clock) -> None:
    own = Browser()
    own.log_in()
    own.log_out()
    for number in range(6):
        wrong("bob", number)
        wrong("alice", number + 6)
    assert own.log_in("bob").status_code == 429
    forger = Browser()
    forger.client.cookies["__Host-porchlight-known"] = "alice:anything:forged:signature"
    assert forger.log_in().status_code == 429


def test_an_unknown_name_is_throttled_like_a_known_one() -> None:
    assert [wrong("nobody", number).status_code for number in range(6)] == [400] * 5 + [429]


def test_good_logins_use_nothing_up() -> None:
    for _ in range(20):
        browser = Browser()
        assert browser.log_in().status_code == 200


def test_an_address_guesses_at_ten_then_slowly_and_others_do_not_feel_it(now: Clock) -> None:
    answers = [wrong(f"name{number}", number, "203.0.113.9") for number in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert Browser("203.0.113.9").log_in().status_code == 429
    assert Browser("203.0.113.10").log_in().status_code == 200
    now.forward(int(answers[-1].headers["Retry-After"]))
    assert Browser("203.0.113.9").log_in().status_code == 200


def test_a_network_of_ipv6_is_one_address() -> None:
    for number in range(10):
        wrong(f"name{number}", number, f"2001:db8:1:2::{number:x}")
    assert Browser("2001:db8:1:2:ffff::1").log_in().status_code == 429
    assert Browser("2001:db8:1:3::1").log_in().status_code == 200


def test_codes_are_guessed_at_five_times_over_all_half_logins(alice: Browser, now: Clock) -> None:
    app, codes = alice.add_totp()
    now.forward(600)
    for number in range(5):
        half = Browser(f"198.51.100.{number}")
        half.log_in()
        assert half.give_code("000000").status_code == 400
    half = Browser("198.51.100.77")
    half.log_in()
    answer = half.give_code(codes[0])
    assert answer.status_code == 429
    now.forward(int(answer.headers["Retry-After"]))
    assert half.give_code(app.code()).status_code == 200


def test_a_forged_forwarding_header_changes_no_address() -> None:
    for number in range(10):
        browser = Browser("203.0.113.9")
        browser.client.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        browser.log_in(f"name{number}", "not the password")
    assert Browser("203.0.113.9").log_in().status_code == 429


# --- recent logins ------------------------------------------------------------------------------

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


def test_an_app_is_taken_only_with_a_code_of_it(alice: Browser) -> None:
    begun = alice.ask("POST", "/api/v1/me/security/totp").json()
    assert begun["uri"].startswith("otpauth://totp/localhost%3A8001:alice?secret=")
    wrong_app = App("A" * 32)
    answer = alice.ask("PUT", "/api/v1/me/security/totp", {"code": wrong_app.code()})
    assert (answer.status_code, answer.json()["code"]) == (400, "code_refused")
    assert alice.security()["totp"] is None
    assert (
        alice.ask("PUT", "/api/v1/me/security/totp", {"code": App(begun["secret"]).code()}).status_code == 200
    )
