"""A link at whose other end somebody lies."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from websockets.exceptions import InvalidStatus

from federation import clock, links, peers
from federation.models import Peer, Received
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from tests.server.federation.conftest import Served, user
from tests.server.federation.sites import FIELDS, Person
from tests.server.federation.stranger import Stranger, closed, hear, member, random
from tests.server.federation.test_jobs import until

HINT = {"username": "alice", "url": "https://example.org/"}


# --- the handshake ----------------------------------------------------------------------------


async def test_a_site_that_proves_itself_is_pinned_and_heard(served: Served, stranger: Stranger) -> None:
    connection = await stranger.dial(served.address)
    envelope = stranger.envelope(served.address, "hint", HINT)
    await connection.send(envelope.raw, text=True)
    await until(lambda: served.ids() == [envelope.id])
    assert (await Peer.objects.aget()).key == stranger.key.public
    assert stranger.paths == ["/.well-known/porchlight"]


@pytest.mark.parametrize(
    ("changes", "code", "close"),
    [
        ({"role": "pairing"}, "refused", 4403),
        ({"origin": "http://localhost:1"}, "refused", 4403),
        ({"key": SignKey.generate(random)}, "not_proven", 4401),
    ],
    ids=["role", "origin", "key"],
)
async def test_others_are_refused_with_a_code(
    served: Served, stranger: Stranger, changes: dict[str, Any], code: str, close: int
) -> None:
    connection = await stranger.open(served.address)
    with pytest.raises(ProtocolError) as caught:
        await stranger.prove(connection, served.address, **changes)
    assert caught.value.code == code
    assert await closed(connection) == close
    assert not links.is_up(stranger.site)


async def test_nobody_is_this_very_site(served: Served, stranger: Stranger) -> None:
    connection = await stranger.open(served.address)
    with pytest.raises(ProtocolError) as caught:
        await stranger.prove(connection, served.address, address=served.address)
    assert caught.value.code == "refused"


async def test_a_known_site_with_another_key_is_refused_and_reported(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (await stranger.dial(served.address)).transport.abort()
    told: list[Any] = []
    monkeypatch.setattr(peers, "_told", [lambda *args: told.append(args)])
    monkeypatch.setattr(peers, "RECHECK", -1)
    old, stranger.key = stranger.key, SignKey.generate(random)
    stranger.shown = stranger.key
    connection = await stranger.open(served.address)
    with pytest.raises(ProtocolError) as caught:
        await stranger.prove(connection, served.address)
    assert caught.value.code == "refused"
    assert told == [(stranger.site, old.public, stranger.key.public)]
    assert (await Peer.objects.aget()).key == old.public


@pytest.mark.parametrize(
    "frame",
    [b"", b"{", b"[]", b'{"type":"hello","data":{}}', b'{"data":{},"type":"proof"}', b"x" * 9_000, b"\xff"],
)
async def test_a_bad_first_frame_ends_it(served: Served, stranger: Stranger, frame: bytes) -> None:
    connection = await stranger.open(served.address)
    await connection.send(frame)
    assert await closed(connection) == 4400


async def test_browsers_may_not_link(served: Served, stranger: Stranger) -> None:
    with pytest.raises(InvalidStatus) as caught:
        await stranger.open(served.address, origin="http://127.0.0.1")
    assert caught.value.response.status_code == 403


async def test_a_handshake_that_does_not_go_on_is_ended(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "HANDSHAKE_SECONDS", 0.1)
    connection = await stranger.open(served.address)
    assert await closed(connection) == 4408
    assert links._unproven == 0


async def test_unproven_sockets_are_few(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "UNPROVEN", 3)
    held = [await stranger.open(served.address) for _ in range(3)]
    await until(lambda: links._unproven == 3)
    with pytest.raises(InvalidStatus):
        await stranger.open(served.address)
    for connection in held:
        await connection.close()
    await until(lambda: links._unproven == 0)
    await stranger.dial(served.address)


# --- envelopes --------------------------------------------------------------------------------


async def test_bad_envelopes_get_one_error_each_and_the_link_stays(
    served: Served, stranger: Stranger
) -> None:
    now = clock.now()
    other = SignKey.generate(random)
    elsewhere = Person("mallory", Address("third.example", 443, ""))
    here, alice = served.address, user(served)
    mail = member(stranger).envelope(alice)
    forged = orjson.loads(mail.raw)
    forged["data"]["body"] = "BBBB"
    unknown = orjson.loads(mail.raw)
    unknown["type"] = "surprise"
    cases = [
        (elsewhere.envelope(alice).raw, "wrong_sender"),
        (stranger.envelope(here, "hint", HINT, from_=Address("127.0.0.1", 1, "")).raw, "wrong_sender"),
        (stranger.envelope(here, "hint", HINT, from_=here).raw, "wrong_sender"),
        (stranger.envelope(here, "hint", HINT, key=other, from_device=other.public).raw, "wrong_sender"),
        (stranger.envelope(here, "hint", HINT, key=other).raw, "signature"),
        (member(stranger).envelope(Address("third.example", 443, "bob")).raw, "unknown_recipient"),
        (member(stranger).envelope(user(served, "nobody")).raw, "unknown_recipient"),
        (member(stranger).envelope(user(served, "broken")).raw, "internal"),
        (canonical(forged), "signature"),
        (canonical(unknown), "unknown_type"),
        (stranger.envelope(here, "hint", HINT, now=now - 601_000).raw, "expired"),
        (stranger.envelope(here, "hint", HINT, now=now + 301_000).raw, "clock"),
        (stranger.envelope(here, "watch", {"username": "alice"}).raw, "refused"),
        (mail.raw + b" ", "json_not_canonical"),
        (b"{}", "schema"),
        (b"nonsense", "json_syntax"),
    ]
    connection = await stranger.dial(here)
    for raw, code in cases:
        await connection.send(raw, text=True)
        said = await hear(connection)
        assert (said["type"], said["data"]["code"]) == ("error", code), raw
    assert served.taken == []
    await connection.send(mail.raw, text=True)
    said = await hear(connection)
    assert (said["type"], said["data"]["ref"]) == ("accepted", mail.id)


async def test_errors_are_never_answered(served: Served, stranger: Stranger) -> None:
    fields = {"ref": None, "code": "internal", "message": ""}
    bad = stranger.envelope(Address("third.example", 443, ""), "error", fields)
    connection = await stranger.dial(served.address)
    await connection.send(bad.raw, text=True)
    await connection.send(b'{"type":"error"}', text=True)
    mail = member(stranger).envelope(user(served))
    await connection.send(mail.raw, text=True)
    assert (await hear(connection))["type"] == "accepted"


async def test_live_errors_go_to_the_device_mail_errors_to_the_site(
    served: Served, stranger: Stranger
) -> None:
    mallory = member(stranger)
    connection = await stranger.dial(served.address)
    live = mallory.envelope(Person("nobody", served.address), "typing")
    await connection.send(live.raw, text=True)
    said = await hear(connection)
    assert said["to"]["username"] == "mallory"
    assert said["data"]["to_device"] == mallory.key.public
    await connection.send(mallory.envelope(user(served, "nobody")).raw, text=True)
    assert (await hear(connection))["to"]["username"] == ""


async def test_what_is_larger_than_an_envelope_ends_the_link(served: Served, stranger: Stranger) -> None:
    connection = await stranger.dial(served.address)
    await connection.send("x" * 65_537)
    assert await closed(connection) == 4413
    await until(lambda: not links.is_up(stranger.site))


async def test_a_copy_is_accepted_again_and_handled_once(served: Served, stranger: Stranger) -> None:
    mail = member(stranger).envelope(user(served))
    for _ in range(2):
        connection = await stranger.dial(served.address)
        for _ in range(3):
            await connection.send(mail.raw, text=True)
            assert (await hear(connection))["data"]["ref"] == mail.id
        await connection.close()
    assert served.ids() == [mail.id]
    assert await Received.objects.acount() == 1


async def test_copies_on_two_links_at_once_are_handled_once(served: Served, stranger: Stranger) -> None:
    mail = member(stranger).envelope(user(served, "slow"))
    both = [await stranger.dial(served.address) for _ in range(2)]
    for connection in both:
        await connection.send(mail.raw, text=True)
    await asyncio.sleep(0.05)
    served.gate.set()
    for connection in both:
        assert (await hear(connection))["data"]["ref"] == mail.id
    assert served.ids() == [mail.id]


async def test_another_envelope_of_the_same_id_is_a_replay(served: Served, stranger: Stranger) -> None:
    mallory = member(stranger)
    first = mallory.envelope(user(served))
    changes = {"from_": mallory.address, "key": mallory.key, "from_device": mallory.key.public}
    fields = {**FIELDS["mail"], "body": "BBBB"}
    second = stranger.envelope(user(served), "mail", fields, id=first.id, **changes)
    connection = await stranger.dial(served.address)
    await connection.send(first.raw, text=True)
    assert (await hear(connection))["type"] == "accepted"
    await connection.send(second.raw, text=True)
    assert (await hear(connection))["data"]["code"] == "replay"
    assert served.ids() == [first.id]


async def test_a_live_envelope_sent_twice_is_handled_once(served: Served, stranger: Stranger) -> None:
    connection = await stranger.dial(served.address)
    hint = stranger.envelope(served.address, "hint", HINT)
    mail = member(stranger).envelope(user(served))
    for envelope in (hint, hint, mail):
        await connection.send(envelope.raw, text=True)
    await hear(connection)
    assert served.ids() == [hint.id, mail.id]


async def test_only_the_site_itself_can_accept_for_it(served: Served, stranger: Stranger) -> None:
    """`accepted` for a request of ours counts from the site it was sent to, signed by its key, and nobody
    else."""
    mail = Person("alice", served.address).envelope(Address(*stranger.site, "bob"))
    link = await links.get(stranger.site)
    assert link is not None
    request = asyncio.create_task(link.request(mail.raw, mail.id, 5))
    await asyncio.wait_for(stranger.received.get(), 5)
    other = SignKey.generate(random)
    lies = [
        stranger.envelope(served.address, "accepted", {"ref": mail.id}, key=other),
        stranger.envelope(served.address, "accepted", {"ref": mail.id}, key=other, from_device=other.public),
        stranger.envelope(served.address, "accepted", {"ref": mail.id}, from_=Address("a.example", 443, "")),
        stranger.envelope(served.address, "accepted", {"ref": "A" * 22}),
    ]
    for lie in lies:
        await stranger.links[0].send(lie.raw, text=True)
    hint = stranger.envelope(served.address, "hint", HINT)
    await stranger.links[0].send(hint.raw, text=True)
    await until(lambda: served.ids() == [hint.id])
    assert not request.done()
    truth = stranger.envelope(served.address, "accepted", {"ref": mail.id})
    await stranger.links[0].send(truth.raw, text=True)
    await request


# --- being lied to when dialling --------------------------------------------------------------


async def test_a_server_with_another_key_gets_nothing(
    served: Served, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers at a known site's address must prove the known key; else neither link nor POST is
    used."""
    await peers.key_of(stranger.site)
    stranger.key = SignKey.generate(random)
    mail = Person("alice", served.address).envelope(Address(*stranger.site, "bob"))
    for _ in range(2):
        with pytest.raises(ProtocolError) as caught:
            await links.send_live(stranger.site, mail.raw)
        assert caught.value.code == "not_proven"
    assert stranger.links == []
    assert stranger.received.empty()


async def test_a_site_that_cannot_be_reached_is_not_dialled_again_at_once(
    served: Served, stranger: Stranger
) -> None:
    stranger.takes_links = False
    hint = stranger.envelope(stranger.address, "hint", HINT)
    for _ in range(4):
        with pytest.raises(ProtocolError):
            await links.send_live(stranger.site, hint.raw)
    assert stranger.paths.count("/federation/link") == 1
