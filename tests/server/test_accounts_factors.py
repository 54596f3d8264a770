"""Second factors: codes of an app and on paper, and what half a login gives."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from social.accounts import totp
from social.accounts.models import Bucket, User
from tests.server.conftest import PASSWORD, Clock
from tests.server.logins import ALLAUTH, App, Browser, code_of

OTP = json.loads((Path(__file__).parents[1] / "data" / "otp.json").read_text())
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


def test_another_app_takes_the_place_of_the_first_and_leaves_the_recovery_codes(
    alice: Browser, now: Clock
) -> None:
    first, codes = alice.add_totp()
    now.forward(60)
    begun = alice.ask("POST", "/api/v1/me/security/totp").json()
    second = App(begun["secret"])
    answer = alice.ask("PUT", "/api/v1/me/security/totp", {"code": second.code()})
    assert answer.json() == {"recovery_codes": None}
    assert alice.ask("PUT", "/api/v1/me/security/totp", {"code": second.code()}).status_code == 404
    now.forward(60)
    for code, status in ((first.code(), 400), (second.code(), 200), (codes[0], 200)):
        browser = Browser()
        browser.log_in()
        assert browser.give_code(code).status_code == status


def test_the_code_that_set_up_the_app_is_used_up(alice: Browser) -> None:
    app, _ = alice.add_totp()
    browser = Browser()
    browser.log_in()
    assert code_of(browser.give_code(app.code())) == "incorrect_code"
    assert not browser.is_in()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("on_paper", [False, True])
def test_one_code_opens_one_login_however_many_ask_at_once(now: Clock, on_paper: bool) -> None:
    owner = Browser()
    owner.log_in()
    app, codes = owner.add_totp()
    now.forward(60)
    code = codes[0] if on_paper else app.code()
    browsers = [Browser(f"198.51.100.{number}") for number in range(4)]
    for browser in browsers:
        browser.log_in()

    def give(browser: Browser) -> bool:
        try:
            browser.give_code(code)
            return browser.is_in()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give, browsers)) == [False, False, False, True]


def in_arabic(text: str) -> str:
    return text.translate({48 + digit: 0x660 + digit for digit in range(10)})


def test_codes_may_be_typed_in_the_digits_of_any_script(alice: Browser, now: Clock) -> None:
    begun = alice.ask("POST", "/api/v1/me/security/totp").json()
    app = App(begun["secret"])
    answer = alice.ask("PUT", "/api/v1/me/security/totp", {"code": in_arabic(app.code())})
    assert answer.status_code == 200
    now.forward(60)
    for code in (in_arabic(app.code()), in_arabic(answer.json()["recovery_codes"][0])):
        browser = Browser()
        browser.log_in()
        assert browser.give_code(f" {code[:3]} {code[3:]}").status_code == 200


# --- half a login ---


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


def test_the_half_login_of_a_password_that_was_replaced_opens_nothing(alice: Browser, now: Clock) -> None:
    """Also where a code comes with it: whoever knew the old password is out."""
    app, codes = alice.add_totp()
    now.forward(60)
    half = Browser("198.51.100.1")
    assert half.log_in().status_code == 401
    change = alice.ask("PUT", "/api/v1/me/password", {"password": "another lantern by the gate"})
    assert change.status_code == 204
    assert half.give_code(app.code()).status_code == 401
    assert half.give_code(codes[0]).status_code == 401
    assert half.client.get(f"{ALLAUTH}/webauthn/authenticate").status_code == 401
    assert not half.is_in()
    assert half.log_in(password="another lantern by the gate").status_code == 401
    assert half.give_code(app.code()).status_code == 200


# --- recovery codes ---


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
