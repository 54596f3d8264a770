"""Invite links: who comes in by them, how many, how long; and what they say to those who may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from social.accounts.models import Invite, User
from tests.server.conftest import PASSWORD, Clock
from tests.server.logins import ALLAUTH, Browser, code_of

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = {"label": "Family", "days": 7, "uses": 2}


@pytest.fixture
def owner(db: None) -> Browser:
    User.objects.create_user("olga", PASSWORD, role=User.OWNER)
    browser = Browser()
    browser.log_in("olga")
    return browser


def invite(owner: Browser, **changes: object) -> str:
    """The token of a new link."""
    answer = owner.ask("POST", "/api/v1/invites", {**WEEK, **changes})
    assert answer.status_code == 201, answer.content
    start, _, token = answer.json()["link"].partition("#")
    assert start == "http://localhost:8001/app/join"
    return str(token)


def redeem(browser: Browser, token: str) -> int:
    return int(browser.ask("POST", "/api/v1/join", {"token": token}).status_code)


def sign_up(browser: Browser, name: str) -> int:
    body = {"username": name, "password": PASSWORD}
    return int(browser.ask("POST", f"{ALLAUTH}/signup", body).status_code)


def listed(owner: Browser) -> dict[str, object]:
    return dict(owner.client.get("/api/v1/invites").json()["invites"][0])


def test_an_invited_person_becomes_a_member_and_is_listed(owner: Browser) -> None:
    token, browser = invite(owner), Browser()
    assert sign_up(browser, "bob") == 403
    assert redeem(browser, token) == 204
    assert sign_up(browser, "bob") == 200
    assert browser.client.get("/api/v1/me").json()["role"] == "member"
    found = listed(owner)
    assert (found["label"], found["members"], found["open"]) == ("Family", ["bob"], True)


def test_a_link_lets_in_as_many_as_it_says(owner: Browser) -> None:
    token = invite(owner, uses=1)
    early, late = Browser(), Browser()
    assert redeem(early, token) == redeem(late, token) == 204
    assert sign_up(early, "bob") == 200
    assert sign_up(late, "eve") == 403
    assert not User.objects.filter(username="eve").exists()
    assert redeem(Browser(), token) == 403
    assert listed(owner)["open"] is False


def test_a_link_lets_in_no_more_however_many_come_at_once(owner: Browser) -> None:
    token = invite(owner, uses=2)
    browsers = [Browser(f"198.51.100.{number}") for number in range(5)]
    for browser in browsers:
        assert redeem(browser, token) == 204

    def come(number: int) -> int:
        try:
            return sign_up(browsers[number], f"guest{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(come, range(5))) == [200, 200, 403, 403, 403]
    assert User.objects.exclude(username="olga").count() == 2


def test_open_links_are_counted_without_those_that_are_over(owner: Browser, now: Clock) -> None:
    for _ in range(100):
        invite(owner, days=1)
    assert code_of(owner.ask("POST", "/api/v1/invites", WEEK)) == "too_many"
    now.forward(24 * 3600)
    assert invite(owner)


def test_one_redeeming_lets_in_one(owner: Browser) -> None:
    token, browser = invite(owner), Browser()
    redeem(browser, token)
    assert sign_up(browser, "bob") == 200
    browser.log_out()
    assert sign_up(browser, "bobs-double") == 403


def test_a_name_that_is_taken_uses_nothing_up(owner: Browser) -> None:
    token, browser = invite(owner, uses=1), Browser()
    redeem(browser, token)
    assert sign_up(browser, "olga") == 400
    assert sign_up(browser, "bob") == 200


def test_old_revoked_and_invented_links_answer_alike(owner: Browser, now: Clock) -> None:
    old, revoked = invite(owner, days=1), invite(owner)
    id = listed(owner)["id"]
    waiting = Browser()
    assert redeem(waiting, revoked) == 204
    assert owner.ask("DELETE", f"/api/v1/invites/{id}").status_code == 204
    assert sign_up(waiting, "bob") == 403
    now.forward(24 * 3600)
    answers = [Browser().ask("POST", "/api/v1/join", {"token": one}) for one in (old, revoked, "x" * 32)]
    assert {code_of(answer) for answer in answers} == {"invite_refused"}
    assert len({answer.content for answer in answers}) == 1


def test_guessing_is_slowed_down(owner: Browser) -> None:
    statuses = [redeem(Browser("192.0.2.7"), f"guess-{n}") for n in range(12)]
    assert statuses[0] == 403
    assert statuses[-1] == 429


def test_the_token_is_not_in_the_database(owner: Browser) -> None:
    token = invite(owner)
    assert token not in str(Invite.objects.values().get())


@pytest.mark.parametrize(
    "change", [{"days": 0}, {"days": 91}, {"uses": 0}, {"uses": 101}, {"label": "x" * 81}]
)
def test_links_are_bounded(owner: Browser, change: dict[str, object]) -> None:
    assert owner.ask("POST", "/api/v1/invites", {**WEEK, **change}).status_code == 400
