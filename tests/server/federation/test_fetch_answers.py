"""Answers that are too large, too slow, packed, endless or broken."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from federation import fetch, guard
from federation.fetch import Limits
from federation.guard import FetchError
from tests.server.federation.fetching import Allow, refused
from tests.server.federation.servers import Server, answer, endless, slowly


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
    ids=["unknown", "twice", "no gzip", "cut off"],
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
        error = await refused(server.url, "time", Limits(seconds=0.4))
        assert server.now == 1 or server.hung_up.is_set(), "it was heard to the end"
        assert error.code == "unreachable"


async def test_a_slow_resolver_costs_the_time_limit_and_no_more(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    release, answered = threading.Event(), threading.Event()

    def lookup(host: str, port: int) -> tuple[str, ...]:
        release.wait(60)
        answered.set()
        return ()

    monkeypatch.setattr(guard, "lookup", lookup)
    try:
        await refused("https://slow.example/", "time", Limits(seconds=0.3))
        assert not answered.is_set()
    finally:
        release.set()
