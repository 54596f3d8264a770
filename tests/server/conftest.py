"""Fixtures for everything that talks to a site: Django's client in this process, and real site processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from deploy.local.processes import Site, fetch_allow, free_port
from federation import clock, here
from tests import sites
from tests.server.identities import Identity

T = TypeVar("T")
PASSWORD = "a lantern by the gate"


@dataclass
class Member:
    """A member of the site in this process, logged in by `client`."""

    username: str
    client: Client
    identity: Identity = field(default_factory=Identity)

    def enrol(self, number: int = 1) -> None:
        self.put_list(self.identity.device_list(number), 200)

    def put_list(self, device_list: object, status: int) -> dict[str, object]:
        address = replace(here.address(), username=self.username)
        body = {"list": device_list, "proof": self.identity.possession(address)}
        answer = self.client.put("/api/v1/keys/list", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return dict(answer.json())


class Clock:
    """Stands in for `federation.clock.now`."""

    def __init__(self) -> None:
        self.milliseconds = clock.now()

    def __call__(self) -> int:
        return self.milliseconds

    def forward(self, seconds: float) -> None:
        self.milliseconds += int(seconds * 1000)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The site's time, which stands until the test moves it."""
    found = Clock()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


def logged_in(username: str) -> Member:
    """A new member."""
    from social.accounts.models import User

    user = User.objects.create_user(username, PASSWORD)
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(user)
    return Member(username, client)


@pytest.fixture
def make_member(db: None) -> Callable[[str], Member]:
    """Makes logged-in members: `make_member("alice")`."""
    return logged_in


@pytest.fixture
def alice(make_member: Callable[[str], Member]) -> Member:
    """A member who has enrolled."""
    member = make_member("alice")
    member.enrol()
    return member


@contextmanager
def kept_for_a_module(make: Callable[[], T], blocker: Any) -> Iterator[T]:
    """What `make` writes stands for all tests of a module, each of which is rolled back to it."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        made = make()
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A `House`, made once; what a test changes is rolled back to it."""
    from tests.server.furnished import furnish

    def make() -> Any:
        member = logged_in("olga")
        member.enrol()
        return member, furnish(member, logged_in("oscar"))

    with kept_for_a_module(make, django_db_blocker) as made:
        yield made


@pytest.fixture
def house(furnished: Any, db: None) -> Iterator[Any]:
    kept = deepcopy(furnished[0].client.cookies)
    yield furnished
    furnished[0].client.cookies = kept


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Starts real sites, each in a process of its own and alone: `make_site("localhost")`. See
    `two_sites`."""
    started: list[Site] = []

    def make(host: str = "localhost", **extra: str) -> Site:
        port = free_port(host)
        assert port
        site = Site(host, host, port, tmp_path / f"{host}-{port}", extra=extra)
        started.append(site)
        sites.start(site)
        return site

    yield make
    for site in started:
        site.stop()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A real site with nobody in it yet."""
    return make_site()


@pytest.fixture
def two_sites(tmp_path: Path) -> Iterator[list[Site]]:
    """Two real sites that may fetch from each other."""
    hosts = ("localhost", "127.0.0.2")
    made = [Site(host, host, free_port(host) or 0, tmp_path / host) for host in hosts]
    for one in made:
        one.fetch_allow = fetch_allow(made)
    sites.start(*made)
    yield made
    for one in made:
        one.stop()
