"""A link at whose other end somebody sends too much, reads too little, or leaves."""

from __future__ import annotations

import asyncio

import pytest

from federation import budget, links, linkset
from federation import link as link_module
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from tests.server.federation.conftest import Served, user
from tests.server.federation.sites import FIELDS, Person
from tests.server.federation.stranger import Stranger, closed, hear, member
from tests.server.federation.test_jobs import until

HINT = {"username": "alice", "url": "https://example.org/"}


async def test_a_flood_waits_outside(served: Served, stranger: Stranger) -> None:
    """While a handler lags, a bounded number of envelopes is taken in; the rest stays with the sender."""
    connection = await stranger.dial(served.address)
    link = links.current().up(stranger.site)
    assert link is not None
    await connection.send(member(stranger).envelope(user(served, "slow")).raw, text=True)
    hint = stranger.envelope(served.address, "hint", {**HINT, "url": "x" * 2_000}).raw

    async def flood() -> None:
        for _ in range(20_000):
            await connection.send(hint, text=True)

    flooding = asyncio.create_task(flood())
    await until(lambda: link._in.qsize() == link_module.INCOMING)
    done, _ = await asyncio.wait([flooding], timeout=0.5)
    assert not done
    assert link._in.qsize() <= link_module.INCOMING
    flooding.cancel()


async def test_one_site_gets_its_share_and_no_more(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "RATE", 50.0)
    monkeypatch.setattr(budget, "BURST", 10.0)
    connection = await stranger.dial(served.address)
    for _ in range(30):
        await connection.send(stranger.envelope(served.address, "hint", HINT).raw, text=True)
    began = asyncio.get_running_loop().time()
    await until(lambda: len(served.taken) == 30)
    assert asyncio.get_running_loop().time() - began > 0.3


async def test_a_site_holds_few_links(served: Served, stranger: Stranger) -> None:
    held = [await stranger.dial(served.address) for _ in range(linkset.EACH + 2)]
    for connection in held[:2]:
        assert await closed(connection) == 4409
    hint = stranger.envelope(served.address, "hint", HINT)
    await held[-1].send(hint.raw, text=True)
    await until(lambda: served.ids() == [hint.id])


async def test_links_are_bounded_and_one_too_many_disturbs_no_other(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stranger.dial(served.address)
    monkeypatch.setattr(linkset, "MOST", 1)
    assert await closed(await stranger.dial(served.address)) == 4429
    await links.send_live(stranger.site, stranger.envelope(stranger.address, "hint", HINT).raw)
    assert (await hear(first))["type"] == "hint"


async def test_a_receiver_that_does_not_read_costs_a_bounded_queue(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await stranger.dial(served.address)
    connection.transport.pause_reading()
    alice = Person("alice", served.address)
    large = {**FIELDS["mail"], "body": "A" * 50_000}
    raw = alice.envelope(Address(*stranger.site, "bob"), **large).raw

    async def send_many() -> None:
        for _ in range(5_000):
            await links.send_live(stranger.site, raw)
            await asyncio.sleep(0)

    with pytest.raises(ProtocolError) as caught:
        await send_many()
    assert caught.value.code == "too_many"


async def test_a_site_does_not_wait_forever_for_an_answer(served: Served, stranger: Stranger) -> None:
    link = await links.get(stranger.site)
    assert link is not None
    mail = Person("alice", served.address).envelope(Address(*stranger.site, "bob"))
    with pytest.raises(ProtocolError) as caught:
        await link.request(mail.raw, mail.id, 0.1)
    assert caught.value.code == "unreachable"
    assert link.waiting == 0


async def test_requests_fail_when_the_link_ends(served: Served, stranger: Stranger) -> None:
    link = await links.get(stranger.site)
    assert link is not None
    mail = Person("alice", served.address).envelope(Address(*stranger.site, "bob"))
    request = asyncio.create_task(link.request(mail.raw, mail.id, 30))
    await asyncio.wait_for(stranger.received.get(), 5)
    stranger.links[0].transport.abort()
    with pytest.raises(ProtocolError) as caught:
        await asyncio.wait_for(request, 5)
    assert caught.value.code == "unreachable"


async def test_an_idle_link_is_closed_by_who_dialled_and_opened_again_when_needed(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkset, "IDLE_SECONDS", -1.0)
    assert await links.get(stranger.site) is not None
    await links.current().tick()
    await until(lambda: not links.is_up(stranger.site))
    await until(lambda: stranger.links[0].close_code == 1000)
    assert await links.get(stranger.site) is not None
    await until(lambda: len(stranger.links) == 2)
