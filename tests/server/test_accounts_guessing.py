"""Guessing passwords and codes: counted by account and by network, and slowed down."""

from __future__ import annotations

from typing import Any

import pytest

from social.accounts.models import User
from tests.server.conftest import PASSWORD, Clock
from tests.server.logins import ALLAUTH, Browser, code_of

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


def test_an_ipv4_address_is_one_however_it_is_written() -> None:
    for number in range(10):
        wrong(f"name{number}", number, "::ffff:203.0.113.9")
    assert Browser("203.0.113.9").log_in().status_code == 429
    assert Browser("::ffff:203.0.113.10").log_in().status_code == 200


def test_wrong_codes_count_for_their_network_too(now: Clock) -> None:
    for number in range(10):
        User.objects.create_user(f"name{number}", PASSWORD)
        owner = Browser(f"198.51.100.{number}")
        owner.log_in(f"name{number}")
        owner.add_totp()
        guesser = Browser("203.0.113.9")
        guesser.log_in(f"name{number}")
        assert guesser.give_code("000000").status_code == 400
    assert Browser("203.0.113.9").log_in("bob").status_code == 429
    assert Browser("203.0.113.10").log_in("bob").status_code == 200


def test_an_app_is_not_set_up_by_guessing(alice: Browser) -> None:
    alice.ask("POST", "/api/v1/me/security/totp")
    answers = [alice.ask("PUT", "/api/v1/me/security/totp", {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 60


def test_a_member_of_this_site_is_counted_by_the_waits_that_are_told(alice: Browser, now: Clock) -> None:
    """A password comes back every six seconds, a code every minute."""
    for number in range(5):
        wrong("bob", number)
    assert int(wrong("bob", 9).headers["Retry-After"]) == 6
    app, _ = alice.add_totp()
    now.forward(3600)
    for _ in range(5):
        assert alice.ask("POST", f"{ALLAUTH}/2fa/reauthenticate", {"code": "000000"}).status_code == 400
    answer = alice.ask("POST", f"{ALLAUTH}/2fa/reauthenticate", {"code": app.code()})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
