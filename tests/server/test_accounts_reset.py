"""A new password by the recovery phrase: who may, who may not, and that nobody learns who lives here."""

from __future__ import annotations

from typing import Any

import pytest

from homevault.protocol.addresses import Address
from homevault.protocol.keys import SignKey
from homevault.protocol.phrase import phrase_from_seed, seed_from_phrase
from homevault.protocol.reset import make_reset
from social.accounts.models import Bucket, User
from tests.server.conftest import PASSWORD, Clock, Member
from tests.server.identities import RANDOM
from tests.server.logins import Browser

NEW = "a new lamp on the porch"
pytestmark = pytest.mark.django_db


def ask(browser: Browser, username: str = "alice") -> dict[str, Any]:
    answer = browser.ask("POST", "/api/v1/reset/challenge", {"username": username})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def signed(key: SignKey, asked: dict[str, Any], username: str = "alice", **changes: Any) -> dict[str, Any]:
    address = Address.make(changes.get("ip", "localhost"), changes.get("port", 8001), username)
    factors = changes.get("factors", "keep")
    return make_reset(key, address, asked["nonce"], asked["expires"], factors)


def send(browser: Browser, statement: Any, password: str = NEW) -> Any:
    return browser.ask("POST", "/api/v1/reset", {"statement": statement, "password": password})


def opens(password: str, username: str = "alice") -> bool:
    return bool(Browser("198.51.100.200").log_in(username, password).status_code == 200)


def test_the_phrase_sets_a_new_password_and_ends_every_session(alice: Member) -> None:
    words = " ".join(phrase_from_seed(alice.identity.account.seed))
    key = SignKey.from_seed(seed_from_phrase(words))
    browser = Browser()
    assert send(browser, signed(key, ask(browser))).status_code == 204
    assert not opens(PASSWORD)
    assert alice.client.get("/api/v1/me").status_code == 401
    assert browser.log_in(password=NEW).status_code == 200
    assert [one["current"] for one in browser.sessions()] == [True]


def test_one_challenge_sets_one_password(alice: Member) -> None:
    browser = Browser()
    statement = signed(alice.identity.account, ask(browser))
    assert send(browser, statement).status_code == 204
    assert send(browser, statement, "yet another lamp").json()["code"] == "reset_refused"
    assert opens(NEW)


def test_a_challenge_lives_ten_minutes(alice: Member, now: Clock) -> None:
    browser = Browser()
    challenge = ask(browser)
    now.forward(601)
    assert send(browser, signed(alice.identity.account, challenge)).status_code == 403
    later = {**challenge, "expires": challenge["expires"] + 60_000}
    assert send(browser, signed(alice.identity.account, later)).status_code == 403


def test_what_does_not_belong_together_is_refused_alike(alice: Member, make_member: Any, now: Clock) -> None:
    bob = make_member("bob")
    bob.enrol()
    make_member("carol")
    browser = Browser()
    mine, challenge = alice.identity.account, ask(browser)
    wrong = [
        signed(bob.identity.account, challenge),
        signed(SignKey.generate(RANDOM), challenge),
        signed(mine, ask(browser, "bob")),
        signed(mine, ask(browser, "bob"), "bob"),
        signed(mine, ask(browser, "carol"), "carol"),
        signed(mine, ask(browser, "nobody"), "nobody"),
        signed(mine, challenge, ip="evil.example"),
        signed(mine, challenge, port=8002),
        {**signed(mine, challenge), "factors": "drop"},
        {**signed(mine, challenge), "extra": 1},
        {},
    ]
    answers = set()
    for statement in wrong:
        answer = send(browser, statement)
        answers.add((answer.status_code, answer.content))
        Bucket.objects.all().delete()
    assert len(answers) == 1
    assert next(iter(answers))[0] == 403
    assert opens(PASSWORD)


def test_every_name_has_a_challenge_of_the_same_form(alice: Member, now: Clock) -> None:
    known, unknown = ask(Browser()), ask(Browser(), "nobody")
    assert known.keys() == unknown.keys()
    assert known["expires"] == unknown["expires"]
    assert len(known["nonce"]) == len(unknown["nonce"]) == 43
    assert ask(Browser(), "nobody") == unknown


def test_a_weak_password_is_told_of_whoever_asks_and_uses_nothing_up(alice: Member) -> None:
    browser = Browser()
    statement = signed(alice.identity.account, ask(browser))
    assert send(browser, statement, "short").json()["code"] == "weak_password"
    stranger = signed(SignKey.generate(RANDOM), ask(browser, "nobody"), "nobody")
    assert send(browser, stranger, "short").json()["code"] == "weak_password"
    assert send(browser, statement).status_code == 204


@pytest.mark.parametrize(("choice", "asked"), [("keep", True), ("drop", False)])
def test_second_factors_stay_or_go_as_was_signed(alice: Member, choice: str, asked: bool) -> None:
    browser = Browser()
    browser.log_in()
    browser.add_totp()
    other = Browser()
    assert send(other, signed(alice.identity.account, ask(other), factors=choice)).status_code == 204
    again = Browser()
    again.log_in(password=NEW)
    assert again.is_in() is not asked


def test_guessing_is_slowed_down_and_keeps_nobody_from_their_own_reset(alice: Member) -> None:
    stranger = SignKey.generate(RANDOM)
    for number in range(5):
        browser = Browser(f"198.51.100.{number}")
        assert send(browser, signed(stranger, ask(browser))).status_code == 403
    browser = Browser("198.51.100.77")
    answer = send(browser, signed(stranger, ask(browser)))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert send(browser, signed(alice.identity.account, ask(browser))).status_code == 204


def test_asking_needs_the_csrf_token_and_is_slowed_down() -> None:
    browser = Browser()
    body = {"username": "alice"}
    bare = browser.client.post("/api/v1/reset/challenge", body, content_type="application/json")
    assert bare.json()["code"] == "csrf"
    codes = [browser.ask("POST", "/api/v1/reset/challenge", body).status_code for _ in range(22)]
    assert codes.count(429) >= 1


def test_whoever_is_leaving_and_forgot_the_password_may_come_back(alice: Member) -> None:
    gone = alice.client.post("/api/v1/me/leaving", {"username": "alice"}, content_type="application/json")
    assert gone.status_code == 200
    browser = Browser()
    assert send(browser, signed(alice.identity.account, ask(browser))).status_code == 204
    assert not User.objects.get(username="alice").is_active, "the new password alone takes nothing back"
    assert browser.log_in(password=NEW).status_code == 200
    assert User.objects.get(username="alice").is_active


def test_a_closed_account_cannot_be_reset(alice: Member) -> None:
    User.objects.filter(username="alice").update(is_active=False)
    browser = Browser()
    assert send(browser, signed(alice.identity.account, ask(browser))).status_code == 403
