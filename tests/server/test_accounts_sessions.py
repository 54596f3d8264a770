"""Sessions on a real site: listed, ended, and dead for requests and sockets within five seconds, by the word
of whoever ended them or, where that was lost, by the site's own looking after them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.processes import Site, free_port
from social.accounts import services
from tests import sites
from tests.server.clocked_site import SWEEPLESS, ClockedSite
from tests.server.conftest import PASSWORD
from tests.server.people import Person
from tests.server.sockets import DeviceSocket

ALLAUTH = "/_allauth/browser/v1/auth"
ENDED, REVOKED = 4401, 4403
HOST = "localhost"
SECONDS = 5.0


class Home:
    """Alice, logged in with two browsers, each with a device and an open socket."""

    def __init__(self, site: Site, stack: ExitStack) -> None:
        self.site = site
        self.here = Person.moves_in(site, "alice")
        device = self.here.identity.add("root")
        self.here.ask("PUT", "/api/v1/keys/list", {"list": self.here.identity.device_list(2)})
        self.there = Person.logs_in(site, "alice")
        own = self.here.identity.browser
        self.near = stack.enter_context(DeviceSocket(site, "alice", own, self.here.cookies))
        self.far = stack.enter_context(DeviceSocket(site, "alice", device, self.there.cookies))

    def other(self) -> str:
        """The public id of the other browser's session."""
        found = self.here.ask("GET", "/api/v1/me/sessions")
        return str(next(one["id"] for one in found if not one["current"]))

    def expect_only_here(self) -> None:
        assert self.far.close_code() in (ENDED, REVOKED)
        assert self.there.raw("GET", "/api/v1/me").status_code == 401
        self.here.ask("GET", "/api/v1/me")
        self.near.ask_site("keys", {"address": self.here.address.wire(), "claim": False})
        self.near.wait_for("keys-result")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Where a socket is closed by a word only."""
    site = ClockedSite("home", HOST, free_port(HOST) or 0, tmp_path / "site", extra=SWEEPLESS)
    sites.start(site)
    with ExitStack() as stack:
        stack.callback(site.stop)
        yield Home(site, stack)


@pytest.fixture
def watchful(site: Site) -> Iterator[Home]:
    """Where the site looks by itself too."""
    with ExitStack() as stack:
        yield Home(site, stack)


def test_a_site_looks_twice_within_the_time_it_promises() -> None:
    assert services.SWEEP_SECONDS * 2 < SECONDS


def test_sessions_are_listed_with_what_is_known_of_them(home: Home) -> None:
    found = home.here.ask("GET", "/api/v1/me/sessions")
    assert [one["current"] for one in found].count(True) == 1
    assert len(found) == 2
    assert all(one["opened"] <= one["seen"] for one in found)
    secrets = set(home.here.cookies.values()) | set(home.there.cookies.values())
    assert not secrets & {one["id"] for one in found}


def test_an_ended_session_is_dead_and_its_socket_closed(home: Home) -> None:
    home.here.ask("DELETE", f"/api/v1/me/sessions/{home.other()}", status=204)
    home.expect_only_here()
    with (
        pytest.raises(Exception, match=r"refused|4403"),
        DeviceSocket(home.site, "alice", home.here.identity.devices[1], home.there.cookies),
    ):
        pass


def test_a_revoked_device_loses_its_login_and_its_socket(home: Home) -> None:
    identity = home.here.identity
    gone = identity.devices.pop()
    body = {"list": identity.device_list(3), "revocations": [identity.revocation(gone)]}
    home.here.ask("PUT", "/api/v1/keys/list", body)
    home.expect_only_here()
    with (
        pytest.raises(Exception, match=r"refused|4403"),
        DeviceSocket(home.site, "alice", gone, home.here.cookies),
    ):
        pass


def test_a_vault_is_cut_off_though_nobody_told_this_process(watchful: Home) -> None:
    """As when another process took the new list and its word was lost."""
    vault = watchful.here.identity.add("vault")
    watchful.here.ask("PUT", "/api/v1/keys/list", {"list": watchful.here.identity.device_list(3)})
    with DeviceSocket(watchful.site, "alice", vault) as socket:
        with sqlite3.connect(watchful.site.folder / "site.sqlite3", timeout=20) as database:
            database.execute("DELETE FROM accounts_device WHERE device = ?", (vault.id,))
        assert socket.close_code() == REVOKED
    watchful.here.ask("GET", "/api/v1/me")


def test_all_others_end_at_once(home: Home) -> None:
    home.here.ask("DELETE", "/api/v1/me/sessions", status=204)
    home.expect_only_here()


def test_logging_out_closes_the_own_socket(home: Home) -> None:
    home.there.ask("DELETE", f"{ALLAUTH}/session", status=401)
    home.expect_only_here()


def test_a_new_password_ends_the_others_and_keeps_this_one(home: Home) -> None:
    home.here.ask("PUT", "/api/v1/me/password", {"password": "a lamp by the well"}, 204)
    home.expect_only_here()
    assert len(home.here.ask("GET", "/api/v1/me/sessions")) == 1
    again = Person(home.site, "alice")
    again.ask("GET", "/api/v1/site")
    again.ask("POST", f"{ALLAUTH}/login", {"username": "alice", "password": PASSWORD}, 400)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM accounts_loginsession WHERE public_id = :id",
        "UPDATE accounts_loginsession SET expire_date = '2020-01-01 00:00:00' WHERE public_id = :id",
    ],
    ids=["ended by another process", "expired"],
)
def test_what_ends_without_a_word_is_noticed(watchful: Home, change: str) -> None:
    with sqlite3.connect(watchful.site.folder / "site.sqlite3", timeout=20) as database:
        database.execute(change, {"id": watchful.other()})
    watchful.expect_only_here()


@pytest.mark.parametrize("change", ["password = 'set by another process'", "is_active = 0"])
def test_a_member_who_is_shut_out_without_a_word_loses_every_socket(watchful: Home, change: str) -> None:
    with sqlite3.connect(watchful.site.folder / "site.sqlite3", timeout=20) as database:
        database.execute(f"UPDATE accounts_user SET {change}")
    for socket in (watchful.near, watchful.far):
        assert socket.close_code() in (ENDED, REVOKED)
    assert watchful.here.raw("GET", "/api/v1/me").status_code == 401


def test_nobody_ends_the_session_of_somebody_else(home: Home) -> None:
    home.here.ask("DELETE", "/api/v1/me/sessions/nothing", status=404)
    home.here.ask("DELETE", f"/api/v1/me/sessions/{'x' * 22}", status=404)
    assert len(home.there.ask("GET", "/api/v1/me/sessions")) == 2
