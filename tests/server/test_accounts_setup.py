"""The first run and the login, as a browser sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from social.accounts import setup
from tests.server.conftest import PASSWORD

HOST = {"host": "localhost:8001"}
ALLAUTH = "/_allauth/browser/v1"
pytestmark = pytest.mark.django_db(transaction=True)


def browser() -> Client:
    return Client(enforce_csrf_checks=True, headers=HOST)


def post(client: Client, path: str, body: Any) -> Any:
    token = client.get("/api/v1/site").json()["csrf"]
    return client.post(path, body, content_type="application/json", headers={"X-CSRFToken": token})


def redeem(client: Client, token: str | None = None) -> Any:
    return post(client, "/api/v1/setup", {"token": token or setup.token()})


def sign_up(client: Client, username: str = "alice", password: str = PASSWORD) -> Any:
    return post(client, f"{ALLAUTH}/auth/signup", {"username": username, "password": password})


def log_in(client: Client, username: str = "alice", password: str = PASSWORD) -> Any:
    return post(client, f"{ALLAUTH}/auth/login", {"username": username, "password": password})


def messages(answer: Any) -> str:
    return json.dumps(answer.json()["errors"])


def test_the_first_run_makes_one_member_who_is_then_logged_in() -> None:
    client = browser()
    assert client.get("/api/v1/site").json()["setup"] == "open"
    assert client.get("/api/v1/me").status_code == 401

    assert redeem(client).status_code == 204
    assert sign_up(client).status_code == 200

    me = client.get("/api/v1/me").json()
    assert me["username"] == "alice"
    assert me["address"] == {"ip": "localhost", "port": 8001, "username": "alice"}
    assert me["account"] is None
    assert client.get("/api/v1/site").json()["setup"] == "done"


def test_nobody_signs_up_without_the_token() -> None:
    assert sign_up(browser()).status_code == 403


def test_a_wrong_token_lets_nobody_in() -> None:
    client = browser()
    answer = redeem(client, "not-the-token")
    assert (answer.status_code, answer.json()["code"]) == (403, "setup_token")
    assert sign_up(client).status_code == 403


def test_the_token_may_be_redeemed_twice_by_the_same_session_and_ends_with_the_first_sign_up() -> None:
    first, second = browser(), browser()
    token = setup.token()
    assert redeem(first).status_code == redeem(first).status_code == 204
    assert redeem(second).status_code == 204
    assert sign_up(first).status_code == 200

    assert setup.token() is None
    assert not setup.token_path().exists()
    assert sign_up(second, "mallory").status_code == 403
    assert redeem(browser(), token).status_code == 403
    assert redeem(first, token).status_code == 204


def test_the_token_file_is_for_its_owner_only() -> None:
    setup.token()
    assert setup.token_path().stat().st_mode & 0o777 == 0o600


def test_guessing_the_token_is_throttled() -> None:
    client = browser()
    answers = [redeem(client, f"guess {n}").status_code for n in range(12)]
    assert answers[-1] == 429
    assert redeem(client, setup.token()).json()["code"] == "too_many"


def test_setup_needs_the_csrf_token() -> None:
    body = {"token": setup.token()}
    answer = browser().post("/api/v1/setup", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.parametrize("name", ["Al ice", "-alice", "alice-", "a" * 33, "álice", "~alice", ""])
def test_names_that_the_protocol_does_not_know_are_refused(name: str) -> None:
    client = browser()
    redeem(client)
    assert sign_up(client, name).status_code == 400
    assert client.get("/api/v1/site").json()["setup"] == "open"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 10"),
        ("password123", "Many people"),
        ("aaaaaaaaaaaa", "Many people"),
        ("alexandra-1", "close to your name"),
    ],
)
def test_weak_passwords_are_refused_in_friendly_words(password: str, says: str) -> None:
    client = browser()
    redeem(client)
    answer = sign_up(client, "alexandra", password)
    assert answer.status_code == 400
    assert says in messages(answer)


def test_logging_out_and_in_again() -> None:
    client = browser()
    redeem(client)
    sign_up(client)
    token = client.get("/api/v1/me").json()["csrf"]
    client.delete(f"{ALLAUTH}/auth/session", headers={"X-CSRFToken": token})
    assert client.get("/api/v1/me").json()["code"] == "login"

    answer = log_in(client, password="not the password")
    assert "do not go together" in messages(answer)
    assert log_in(client).status_code == 200
    assert client.get("/api/v1/me").json()["username"] == "alice"


def test_a_name_is_found_however_it_is_capitalised() -> None:
    client = browser()
    redeem(client)
    sign_up(client, "Alice")
    other = browser()
    assert log_in(other, "ALICE").status_code == 200
    assert other.get("/api/v1/me").json()["username"] == "alice"


def test_guessing_a_password_is_throttled_from_any_address() -> None:
    client = browser()
    redeem(client)
    sign_up(client)
    for number in range(11):
        guess = Client(enforce_csrf_checks=True, headers=HOST, REMOTE_ADDR=f"198.51.100.{number}")
        log_in(guess, password="not the password")
    answer = log_in(Client(enforce_csrf_checks=True, headers=HOST, REMOTE_ADDR="198.51.100.99"))
    assert "Too many tries" in messages(answer)


def test_many_addresses_of_one_network_count_as_one() -> None:
    answers = []
    for number in range(12):
        client = Client(enforce_csrf_checks=True, headers=HOST, REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        answers.append(redeem(client, "a guess").status_code)
    assert answers[-1] == 429
    elsewhere = Client(enforce_csrf_checks=True, headers=HOST, REMOTE_ADDR="2001:db8:1:3::1")
    assert redeem(elsewhere, "a guess").status_code == 403


def test_a_forwarded_address_is_not_believed() -> None:
    for number in range(12):
        client = Client(enforce_csrf_checks=True, headers={**HOST, "x-forwarded-for": f"203.0.113.{number}"})
        answer = redeem(client, "a guess")
    assert answer.status_code == 429


def test_what_needs_e_mail_is_not_there() -> None:
    for path in ("account/email", "auth/password/request", "auth/code/request", "auth/provider/redirect"):
        assert browser().get(f"{ALLAUTH}/{path}").status_code == 404


def test_session_cookies_are_bound_to_this_host() -> None:
    client = browser()
    redeem(client)
    cookie = client.cookies["__Host-porchlight"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
