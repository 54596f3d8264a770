"""Which worker holds the link to a site, when several workers serve this one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from federation import clock, leases, links
from federation.models import Lease
from tests.server.federation.conftest import Served
from tests.server.federation.stranger import Stranger
from tests.server.federation.test_jobs import until

SITE = ("other.example", 443)


@pytest.fixture
def shared(home: Any, transactional_db: Any) -> None:
    """The site has Redis, so it may have several workers."""
    home.PORCHLIGHT = replace(home.PORCHLIGHT, redis_url="redis://127.0.0.1:1")


def worker(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(leases, "WORKER", name)


def test_one_process_needs_no_leases(home: Any, transactional_db: Any) -> None:
    assert leases.take(SITE)
    leases.release(SITE)
    assert not Lease.objects.exists()


def test_a_lease_is_one_workers(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "first")
    assert leases.take(SITE)
    assert leases.take(SITE)
    worker(monkeypatch, "second")
    assert not leases.take(SITE)
    assert leases.take(("another.example", 443))
    leases.release(SITE)
    assert not leases.take(SITE), "only the holder gives it back"
    worker(monkeypatch, "first")
    leases.release(SITE)
    worker(monkeypatch, "second")
    assert leases.take(SITE)


def test_a_lease_of_a_worker_that_died_ends(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    worker(monkeypatch, "first")
    leases.take(SITE)
    now = clock.now()
    worker(monkeypatch, "second")
    monkeypatch.setattr(clock, "now", lambda: now + (leases.SECONDS - 1) * 1_000)
    assert not leases.take(SITE)
    monkeypatch.setattr(clock, "now", lambda: now + (leases.SECONDS + 1) * 1_000)
    assert leases.take(SITE)


@pytest.fixture
async def stranger(allow: Any) -> Any:
    async with Stranger() as found:
        allow(found.site)
        yield found


async def test_a_link_whose_lease_went_to_another_worker_is_closed(
    served: Served, stranger: Stranger, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.PORCHLIGHT = replace(home.PORCHLIGHT, redis_url="redis://127.0.0.1:1")
    assert await links.get(stranger.site) is not None
    lease = await Lease.objects.aget()
    assert lease.worker == leases.WORKER
    await Lease.objects.aupdate(worker="another")
    await links.current().tick()
    await until(lambda: not links.is_up(stranger.site))
    await until(lambda: stranger.links[0].close_code == 4409)
    assert await links.get(stranger.site) is None


async def test_a_site_that_dials_anew_moves_the_link_to_this_worker(
    served: Served, stranger: Stranger, home: Any
) -> None:
    home.PORCHLIGHT = replace(home.PORCHLIGHT, redis_url="redis://127.0.0.1:1")
    name = f"127.0.0.1:{stranger.port}"
    await Lease.objects.acreate(site=name, worker="another", until=clock.now() + 60_000)
    await stranger.dial(served.address)
    assert (await Lease.objects.aget()).worker == leases.WORKER
