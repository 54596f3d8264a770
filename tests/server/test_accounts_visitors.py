"""Visitors' keys as the site keeps them: how many begin from one network, and how long they are known."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from social.accounts import visitors
from social.accounts.models import Visitor
from tests.server.conftest import Clock
from tests.server.identities import Identity
from tests.server.logins import HOST

PATH = "/api/v1/visitor"
pytestmark = pytest.mark.django_db


def browser(address: str = "203.0.113.9") -> Client:
    return Client(headers=HOST, REMOTE_ADDR=address)


def begin(client: Client) -> Any:
    certificate = Identity().add("visitor").certificate()
    return client.post(PATH, {"certificate": certificate, "facts": "en"}, content_type="application/json")


def known(client: Client) -> Any:
    return client.get(PATH).json()["visitor"]


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test does happens within it."""
    monkeypatch.setattr("social.accounts.limits.time.time", lambda: 1_800_000_000.0)


def test_few_begin_from_one_network_in_a_minute(one_minute: None) -> None:
    answers = [begin(browser()).status_code for _ in range(31)]
    assert answers == [201] * 30 + [429]
    assert begin(browser("203.0.113.10")).status_code == 201
    assert Visitor.objects.count() == 31


def test_a_network_asks_so_often_who_it_is_and_no_more(one_minute: None) -> None:
    answers = [browser().get(PATH).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
    assert browser("203.0.113.10").get(PATH).status_code == 200


def test_a_visitor_who_was_not_seen_for_two_days_is_somebody_new(now: Clock) -> None:
    client = browser()
    begin(client)
    assert known(client) is not None
    now.forward(2 * 24 * 3600)
    assert known(client) is not None
    now.forward(0.001)
    assert known(client) is None
    assert begin(browser()).status_code == 201
    assert Visitor.objects.count() == 1


def test_the_cookie_of_a_visitor_is_bound_to_this_host_and_ends_with_the_browser() -> None:
    client = browser()
    begin(client)
    cookie = client.cookies[visitors.COOKIE]
    assert visitors.COOKIE.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    assert (cookie["domain"], cookie["expires"], cookie["max-age"]) == ("", "", "")
    assert cookie.value not in str(list(Visitor.objects.values()))
