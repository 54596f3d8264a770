"""Where the guarded client connects to, and what it never does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from federation import fetch, here
from federation.guard import FetchError
from tests.server.federation.fetching import Allow, refused, resolver
from tests.server.federation.servers import Server, answer

SSRF = json.loads((Path(__file__).parents[2] / "data" / "ssrf.json").read_text(encoding="utf-8"))


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
        ("https://example.org/\ud800", "url"),
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
