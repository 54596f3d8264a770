"""The guarded client and a server that means well: requests, threads, limits of connections, TLS."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from federation import fetch
from tests.server.federation.fetching import Allow, refused, resolver
from tests.server.federation.servers import Say, Server, answer


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
