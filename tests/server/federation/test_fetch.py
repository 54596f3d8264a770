"""The guarded client against servers that redirect, bomb, dawdle and lie."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from federation import fetch, guard, here
from federation.fetch import Limits
from federation.guard import FetchError
from federation.url import Url
from tests.server.federation.servers import Say, Server, answer, endless, slowly

Allow = Callable[..., None]
SSRF = json.loads((Path(__file__).parents[2] / "data" / "ssrf.json").read_text(encoding="utf-8"))
QUICK = Limits(bytes=100_000, seconds=0.6)


async def refused(url: str, reason: str, limits: Limits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch.get(url, limits=limits)
    assert caught.value.reason == reason, caught.value
    return caught.value


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """The resolver gives these answers one after the other; returns the names it was asked for."""
    asked: list[str] = []

    def lookup(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return answers[len(asked) - 1]

    monkeypatch.setattr(guard, "lookup", lookup)
    return asked


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that a connection was tried to; none is made."""
    import httpcore

    tried: list[Any] = []

    async def record(self: Any, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        tried.append((host, port))
        raise httpcore.ConnectError("no connections in this test")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", record)
    return tried


async def test_an_allowed_server_is_read(allow: Allow) -> None:
    async with Server(answer(b"hello", Content_Type="text/plain", X_Two="a\r\nX-Two: b")) as server:
        allow(("127.0.0.1", server.port))
        found = await fetch.get(server.url + "a?b=c", {"If-None-Match": '"x"'})
    assert (found.status, found.body, found.moved) == (200, b"hello", None)
    assert found.headers["content-type"] == "text/plain"
    assert found.headers["x-two"] == "a, b"
    request = server.requests[0].decode().lower()
    assert request.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}\r\n" in request
    assert 'if-none-match: "x"\r\n' in request
    assert request.count("user-agent: porchlight") == 1


async def test_a_post_carries_its_body_and_is_not_redirected(allow: Allow) -> None:
    async with Server(answer(status="307 Temporary Redirect", Location="/other")) as server:
        allow(("127.0.0.1", server.port))
        found = await fetch.post(server.url, b"body", {"Content-Type": "text/plain"})
    assert found.status == 307
    assert server.connections == 1
    assert server.requests[0].endswith(b"\r\n\r\nbody")


# --- where to ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", SSRF["denied_hosts"], ids=lambda case: case["why"])
async def test_denied_hosts_see_no_connection(
    home: Any, connections: list[Any], case: dict[str, str]
) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(FetchError):
            await fetch.get(f"{scheme}://{case['host']}/")
    assert connections == []


@pytest.mark.parametrize("cidr", SSRF["denied_cidrs"])
async def test_names_that_point_into_denied_ranges_see_no_connection(
    home: Any, connections: list[Any], monkeypatch: pytest.MonkeyPatch, cidr: str
) -> None:
    import ipaddress

    network = ipaddress.ip_network(cidr)
    for ip in (network[0], network[-1]):
        resolver(monkeypatch, (str(ip),))
        await refused("https://name.example/", "address")
    assert connections == []


async def test_one_private_answer_among_public_ones_is_refused(
    home: Any, connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, ("93.184.216.34", "10.0.0.1"))
    await refused("https://name.example/", "address")
    assert connections == []


async def test_public_addresses_are_reached_on_80_and_443_only(
    home: Any, connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, *[("93.184.216.34",)] * 3)
    await refused("https://name.example/", "connect")
    await refused("http://name.example/", "connect")
    await refused("https://name.example:8443/", "port")
    assert connections == [("93.184.216.34", 443), ("93.184.216.34", 80)]


async def test_a_name_is_resolved_once_and_connected_to_that_answer(
    allow: Allow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: whatever a second look-up would say is never asked for."""
    async with Server(answer(b"first")) as first, Server(answer(b"second")) as second:
        allow(("127.0.0.1", first.port))
        asked = resolver(monkeypatch, ("127.0.0.1",), ("127.0.0.2",))
        found = await fetch.get(f"http://rebind.example:{first.port}/")
        assert found.body == b"first"
        assert asked == ["rebind.example"]
        assert second.connections == 0
        assert b"Host: rebind.example:" in first.requests[0]


async def test_allowed_pairs_are_exact(allow: Allow) -> None:
    async with Server(answer()) as one, Server(answer()) as other:
        allow(("127.0.0.1", one.port))
        await refused(other.url, "address")
        await refused(f"http://127.0.0.2:{one.port}/", "address")
        assert (one.connections, other.connections) == (0, 0)


async def test_allowed_pairs_count_for_nothing_on_a_site_that_others_can_reach(
    home: Any, allow: Allow
) -> None:
    from dataclasses import replace

    async with Server(answer()) as server:
        allow(("127.0.0.1", server.port))
        home.PORCHLIGHT = replace(home.PORCHLIGHT, scheme="https")
        assert not here.is_allowed("127.0.0.1", server.port)
        await refused(server.url, "address")
        assert server.connections == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:70/", "scheme"),
        ("//example.org/", "scheme"),
        ("https://user:word@example.org/", "url"),
        ("https://example.org@127.0.0.1/", "url"),
        ("https://", "url"),
        ("https://exa mple.org/", "url"),
        ("https://example.org/\r\nHost: evil", "url"),
        ("https://example.org\\@127.0.0.1/", "url"),
        ("https://example.org:0/", "url"),
        ("https://example.org:99999/", "url"),
        ("https://[::1", "url"),
        ("https://exam_ple.org/", "name"),
        ("https://example.org./", "name"),
        ("https://127.1/", "name"),
        ("https://[fe80::1%25lo]/", "name"),
        ("https://" + "a" * 2_100 + "/", "url"),
    ],
)
async def test_odd_urls_are_refused(home: Any, connections: list[Any], url: str, reason: str) -> None:
    await refused(url, reason)
    assert connections == []


# --- redirects --------------------------------------------------------------------------------


async def test_a_redirect_to_a_private_address_is_not_followed(allow: Allow) -> None:
    async with Server(answer(b"secret")) as inner:
        async with Server(answer(status="302 Found", Location=inner.url)) as outer:
            allow(("127.0.0.1", outer.port))
            await refused(outer.url, "address")
            await refused(outer.url + "again", "address")
        assert inner.connections == 0


async def test_redirects_are_followed_five_times_and_no_more(allow: Allow) -> None:
    async def script(request: bytes, say: Say) -> None:
        left = int(request.split(b" ")[1][1:])
        await say(answer(status="302 Found", Location=f"/{left - 1}") if left else answer(b"there"))

    async with Server(script) as server:
        allow(("127.0.0.1", server.port))
        assert (await fetch.get(server.url + "5")).body == b"there"
        server.requests.clear()
        await refused(server.url + "6", "redirects")
        assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [(["301", "308"], True), (["301", "302"], False), (["302"], False), ([], False)],
)
async def test_only_lasting_redirects_move_an_address(allow: Allow, statuses: list[str], moved: bool) -> None:
    async def script(request: bytes, say: Say) -> None:
        step = len(server.requests) - 1
        if step < len(statuses):
            await say(answer(status=f"{statuses[step]} Moved", Location=f"/{step}"))
        else:
            await say(answer(b"there"))

    async with Server(script) as server:
        allow(("127.0.0.1", server.port))
        found = await fetch.get(server.url)
        assert found.moved == (f"{server.url}{len(statuses) - 1}" if moved else None)


async def test_headers_of_the_caller_do_not_follow_to_another_origin(allow: Allow) -> None:
    async with (
        Server(answer()) as other,
        Server(answer(status="302 Found", Location=other.url)) as first,
    ):
        allow(("127.0.0.1", first.port), ("127.0.0.1", other.port))
        await fetch.get(first.url, {"Signature": "secret", "If-None-Match": '"x"'})
        assert b"signature: secret" in first.requests[0].lower()
        assert b"secret" not in other.requests[0]
        assert b'if-none-match: "x"' in other.requests[0].lower()


def test_https_is_never_left_for_http() -> None:
    start = Url.parse("https://example.org/a")
    assert str(fetch._next(start, "/b")) == "https://example.org/b"
    with pytest.raises(FetchError) as caught:
        fetch._next(start, "http://example.org/b")
    assert caught.value.reason == "scheme"


# --- how much and how long --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:100]) + gzip.compress(body[100:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("identity", bytes),
    ],
)
async def test_encoded_bodies_are_decoded(
    allow: Allow, encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    body = b"porch" * 2_000
    async with Server(answer(encode(body), Content_Encoding=encoding)) as server:
        allow(("127.0.0.1", server.port))
        assert (await fetch.get(server.url)).body == body


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"not gzip"), ("gzip", gzip.compress(b"x" * 900)[:-9])],
)
async def test_other_and_broken_encodings_are_refused(allow: Allow, encoding: str, body: bytes) -> None:
    async with Server(answer(body, Content_Encoding=encoding)) as server:
        allow(("127.0.0.1", server.port))
        await refused(server.url, "encoding")


@pytest.mark.parametrize("layers", [1, 3])
async def test_a_decompression_bomb_costs_its_cap(allow: Allow, layers: int) -> None:
    packed = b"".join(gzip.compress(bytes(60_000_000 // layers)) for _ in range(layers))
    async with Server(answer(packed, Content_Encoding="gzip")) as server:
        allow(("127.0.0.1", server.port))
        tracemalloc.start()
        await refused(server.url, "size", Limits(bytes=1_000_000, seconds=10))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 5_000_000


async def test_a_body_declared_too_large_is_not_read(allow: Allow) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n"
    async with Server(endless(head, bytes(65_536))) as server:
        allow(("127.0.0.1", server.port))
        await refused(server.url, "size")
        await asyncio.wait_for(server.hung_up.wait(), 5)


@pytest.mark.parametrize(
    ("head", "chunk"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + bytes(4096) + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", bytes(65_536)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 4000 + b"\r\nx\r\n"),
    ],
    ids=["chunked", "until closed", "chunk extensions"],
)
async def test_an_endless_body_is_cut_off(allow: Allow, head: bytes, chunk: bytes) -> None:
    async with Server(endless(head, chunk)) as server:
        allow(("127.0.0.1", server.port))
        await refused(server.url, "size", Limits(bytes=100_000, seconds=10))
        await asyncio.wait_for(server.hung_up.wait(), 5)


@pytest.mark.parametrize(
    "script",
    [
        endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 1000 + b"\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 1000),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        answer(b"", "200 OK", **{f"X_{n}": "a" for n in range(120)}),
        answer(X_Long="a" * 40_000),
    ],
    ids=["many lines", "one line", "100 Continue", "120 headers", "40 KB header"],
)
async def test_headers_are_bounded(allow: Allow, script: Any) -> None:
    async with Server(script) as server:
        allow(("127.0.0.1", server.port))
        with pytest.raises(FetchError) as caught:
            await fetch.get(server.url, limits=Limits(bytes=100_000, seconds=10))
        assert caught.value.reason in ("headers", "http", "size")


async def test_what_follows_the_declared_length_is_ignored(allow: Allow) -> None:
    async with Server(answer(b"hello") + answer(b"smuggled")) as server:
        allow(("127.0.0.1", server.port))
        assert (await fetch.get(server.url)).body == b"hello"


async def test_a_body_cut_short_is_an_error(allow: Allow) -> None:
    async with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello") as server:
        allow(("127.0.0.1", server.port))
        await refused(server.url, "http")


@pytest.mark.parametrize(
    "script",
    [slowly(answer(b"x" * 500)), slowly(b""), slowly(answer()[:-2])],
    ids=["byte by byte", "silence", "never the end"],
)
async def test_a_slow_server_costs_the_time_limit_and_no_more(allow: Allow, script: Any) -> None:
    async with Server(script) as server:
        allow(("127.0.0.1", server.port))
        began = time.monotonic()
        error = await refused(server.url, "time", Limits(seconds=0.4))
        assert time.monotonic() - began < 2
        assert error.code == "unreachable"


async def test_a_slow_resolver_costs_the_time_limit_and_no_more(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    release = threading.Event()
    monkeypatch.setattr(guard, "lookup", lambda host, port: release.wait(20) and ())
    began = time.monotonic()
    try:
        await refused("https://slow.example/", "time", Limits(seconds=0.3))
    finally:
        release.set()
    assert time.monotonic() - began < 2


async def test_one_host_gets_few_connections_and_all_answers_come(allow: Allow) -> None:
    async def script(request: bytes, say: Say) -> None:
        await asyncio.sleep(0.03)
        await say(answer())

    async with Server(script) as server:
        allow(("127.0.0.1", server.port))
        found = await asyncio.gather(*(fetch.get(server.url) for _ in range(12)))
        assert [one.body for one in found] == [b"hello"] * 12
        assert server.most <= 4


def test_a_thread_can_fetch_too(allow: Allow) -> None:
    async def serve() -> fetch.Response:
        async with Server(answer()) as server:
            allow(("127.0.0.1", server.port))
            return await asyncio.to_thread(fetch.get_sync, server.url)

    assert asyncio.run(serve()).body == b"hello"


# --- TLS --------------------------------------------------------------------------------------


async def test_tls_names_the_host_and_connects_to_the_checked_address(
    allow: Allow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server_side, client_side = certificates(tmp_path, "peer.example")
    monkeypatch.setattr(fetch, "tls", lambda: client_side)
    resolver(monkeypatch, ("127.0.0.1",), ("127.0.0.1",))
    async with Server(answer(b"sealed"), tls=server_side) as server:
        allow(("127.0.0.1", server.port))
        assert (await fetch.get(f"https://peer.example:{server.port}/")).body == b"sealed"
        await refused(f"https://other.example:{server.port}/", "connect")


def test_the_tls_context_checks_names_and_refuses_old_versions() -> None:
    context = fetch.tls()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def certificates(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a self-signed certificate for `name`, and a client's that trusts just that."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + secret)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(folder / "server.pem")
    return server_side, ssl.create_default_context(cadata=pem.decode())
