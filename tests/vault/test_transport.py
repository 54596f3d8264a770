"""Dialling out: where to, how secured, how often."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from websockets.asyncio.server import serve

from homevault.protocol.addresses import Address
from homevault.protocol.envelope import make_envelope
from homevault.protocol.keys import SignKey
from homevault.transport.relay import link as linking
from homevault.transport.relay.backoff import Backoff
from homevault.transport.relay.keep import keep_linked
from homevault.transport.relay.link import Dial, Link, LinkError, open_link
from homevault.transport.relay.origin import OriginError, parse_origin
from tests.certificates import self_signed
from tests.vault.people import CLOCK, RANDOM, Person
from tests.vault.small_site import SmallSite, until


@pytest.mark.parametrize(
    ("text", "origin", "url"),
    [
        ("https://Example.org", "https://example.org", "wss://example.org:443/signaling/socket"),
        ("example.org", "https://example.org", "wss://example.org:443/signaling/socket"),
        ("https://example.org:8443/", "https://example.org:8443", "wss://example.org:8443/signaling/socket"),
        ("http://localhost:8001", "http://localhost:8001", "ws://localhost:8001/signaling/socket"),
        ("http://127.0.0.2:8002", "http://127.0.0.2:8002", "ws://127.0.0.2:8002/signaling/socket"),
        ("http://[::1]:8001", "http://[::1]:8001", "ws://[::1]:8001/signaling/socket"),
    ],
)
def test_origins(text: str, origin: str, url: str) -> None:
    parsed = parse_origin(text)
    assert (parsed.text, parsed.socket_url) == (origin, url)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://example.org", "insecure_site"),
        ("http://192.168.1.7:8001", "insecure_site"),
        ("http://localhost.example.org", "insecure_site"),
        ("ftp://example.org", "bad_site"),
        ("https://example.org/path", "bad_site"),
        ("https://me@example.org", "bad_site"),
        ("https://example.org:99999", "bad_site"),
        ("https://", "bad_site"),
        ("https://exa mple.org", "bad_site"),
    ],
)
def test_bad_and_insecure_origins(text: str, code: str) -> None:
    with pytest.raises(OriginError) as error:
        parse_origin(text)
    assert error.value.code == code


def test_the_pauses_double_with_jitter_up_to_a_minute() -> None:
    backoff = Backoff(RANDOM)
    pauses = [backoff.next() for _ in range(12)]
    bounds = [min(60, 0.5 * 2**number) for number in range(12)]
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))
    backoff.lived(1)
    assert backoff.next() >= 30
    backoff.lived(3_600)
    assert backoff.next() <= 0.5
    assert len({Backoff(RANDOM).next() for _ in range(20)}) > 10


def dial(site: SmallSite, person: Person, **changes: object) -> Dial:
    values = {
        "origin": parse_origin(site.origin),
        "role": "device",
        "address": person.address,
        "site_key": site.key.public,
        **changes,
    }
    return Dial(**values)


async def test_a_link_carries_envelopes_both_ways(site: SmallSite, alice: Person) -> None:
    link = await open_link(dial(site, alice), alice.browser.sign, RANDOM)
    assert link.site_key == site.key.public
    hello = make_envelope(
        alice.address,
        site.address,
        "keys",
        {"address": alice.address.wire(), "claim": False},
        alice.browser.sign,
        alice.browser.id,
        None,
        CLOCK.now(),
        60,
        RANDOM,
    )
    await link.send(hello.raw)
    async for raw in link.frames():
        assert b'"type":"keys-result"' in raw
        break
    await link.close()
    with pytest.raises(LinkError):
        await link.send(hello.raw)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"site_key": SignKey.generate(RANDOM).public}, "not_proven"),
        ({"address": Address("127.0.0.1", 1, "nobody")}, "refused"),
    ],
)
async def test_refusals_have_their_codes(
    site: SmallSite, alice: Person, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(LinkError) as error:
        await open_link(dial(site, alice, **changes), alice.browser.sign, RANDOM)
    assert error.value.code == code


async def test_another_origin_of_the_same_site_is_refused(site: SmallSite, alice: Person) -> None:
    origin = parse_origin(f"http://localhost:{site.port}")
    with pytest.raises(LinkError) as error:
        await open_link(dial(site, alice, origin=origin), alice.browser.sign, RANDOM)
    assert error.value.code == "refused"


async def test_nobody_there_and_not_a_site(alice: Person, site: SmallSite) -> None:
    await site.stop()
    with pytest.raises(LinkError) as error:
        await open_link(dial(site, alice), alice.browser.sign, RANDOM)
    assert error.value.code == "unreachable"
    await site.start()
    async with await asyncio.start_server(_not_a_site, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        origin = parse_origin(f"http://127.0.0.1:{port}")
        with pytest.raises(LinkError) as error:
            await open_link(dial(site, alice, origin=origin), alice.browser.sign, RANDOM)
    assert (error.value.code, error.value.detail) == ("unreachable", "HTTP 404")


async def _not_a_site(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, alice: Person) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    met = []

    async def meet(socket: object) -> None:
        met.append(socket)

    async with serve(meet, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        origin = parse_origin(f"https://127.0.0.1:{port}")
        with pytest.raises(LinkError) as error:
            await open_link(Dial(origin, "device", alice.address, None), alice.browser.sign, RANDOM)
    assert error.value.code == "tls"
    assert met == []


async def test_a_silent_site_is_noticed(
    site: SmallSite, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site's machine vanishes without a word: the heartbeat ends the link."""
    monkeypatch.setattr(linking, "HEARTBEAT_SECONDS", 0.2)
    swallowed = asyncio.Event()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if not swallowed.is_set():
                writer.write(data)
        writer.close()

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", inner)
        await asyncio.gather(pass_on(reader, to_writer), pass_on(to_reader, writer))

    async with await asyncio.start_server(through, "127.0.0.1", 0) as wire:
        inner, site.port = site.port, wire.sockets[0].getsockname()[1]
        link = await open_link(dial(site, alice), alice.browser.sign, RANDOM)
        swallowed.set()
        with pytest.raises(LinkError) as error:
            await asyncio.wait_for(anext(link.frames()), 10)
        assert error.value.code == "closed"
        await link.close()
        site.port = inner


async def test_staying_linked_through_restarts(site: SmallSite, alice: Person) -> None:
    links: list[Link] = []
    failures: list[str] = []

    async def serve_link(link: Link) -> None:
        links.append(link)
        async for _ in link.frames():
            pass

    async def failed(error: LinkError) -> None:
        failures.append(error.code)

    backoff = Backoff(RANDOM, first=0.02, longest=0.05)
    staying = asyncio.create_task(
        keep_linked(lambda: dial(site, alice), alice.browser.sign, serve_link, failed, RANDOM, backoff)
    )
    await until(lambda: len(links) == 1)
    await site.stop()
    await until(lambda: "unreachable" in failures)
    await site.start()
    await until(lambda: len(links) == 2)
    assert failures[0] == "closed"
    staying.cancel()
