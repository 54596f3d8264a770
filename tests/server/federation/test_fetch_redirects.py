"""Redirects, and what follows them."""

from __future__ import annotations

import pytest

from federation import fetch
from federation.guard import FetchError
from federation.url import Url
from tests.server.federation.fetching import Allow, refused
from tests.server.federation.servers import Say, Server, answer


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
