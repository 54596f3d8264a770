"""The guarded client: the only way this site asks for addresses that strangers name.

`await get(...)`, `await post(...)`; from a thread `get_sync(...)`, `post_sync(...)`. Every hop goes through
`guard` (public addresses only, connected to exactly what was checked), at most five hops, never from https
down to http, no credentials in URLs, body capped after decompression, headers capped, the whole bounded in
time and in number. A POST is never redirected. Any status comes back as a Response; what could not be asked
is a FetchError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from federation import guard, here, services
from federation.gate import Gate
from federation.guard import FetchError, Target
from federation.inflate import ACCEPTED, Inflate
from federation.url import Url
from homevault.protocol.addresses import Address

if TYPE_CHECKING:
    import ssl

    import httpcore

GATE = Gate(total=24, each=4)
REDIRECTS = (301, 302, 303, 307, 308)
LASTING = (301, 308)
KEPT_ELSEWHERE = ("accept", "accept-language", "if-modified-since", "if-none-match")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost. `bytes` counts after decompression; `seconds` is the whole, resolving
    included."""

    bytes: int = 2_000_000
    seconds: float = 20.0
    redirects: int = 5
    headers: int = 100
    header_bytes: int = 32_768


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Response:
    """What a site answered. `headers` have lower-case names, repeated ones joined by ", ".
    `moved` is the new URL if every redirect on the way was a lasting one, else None."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str | None = None


async def get(
    url: str, headers: Mapping[str, str] | None = None, limits: Limits = DEFAULT, gate: Gate = GATE
) -> Response:
    """GET, following redirects. `gate`: another allowance than everybody's. Raises FetchError."""
    return await _timed(_follow(Url.parse(url), headers or {}, limits, gate), limits)


async def post(
    url: str, body: bytes, headers: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Response:
    """POST once; a redirect comes back as it is. Raises FetchError."""
    request = _Request("POST", Url.parse(url), dict(headers or {}), body)
    return await _timed(_ask(request, limits, GATE), limits)


def get_sync(url: str, headers: Mapping[str, str] | None = None, limits: Limits = DEFAULT) -> Response:
    """`get` for a thread that has no event loop."""
    return _blocking(get(url, headers, limits), limits)


def post_sync(
    url: str, body: bytes, headers: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Response:
    """`post` for a thread that has no event loop."""
    return _blocking(post(url, body, headers, limits), limits)


async def origin_of(site: here.Site) -> str:
    """The web origin by which a site is asked: https, or http where FETCH_ALLOW names it. Raises
    FetchError."""
    target = await guard.find(*site)
    return Address(*site, "").origin(not target.plain)


def user_agent() -> str:
    return f"Porchlight (+{here.origin()}/)"


@dataclass(slots=True)
class _Request:
    method: str
    url: Url
    headers: dict[str, str]
    body: bytes | None = None


async def _timed(work: Coroutine[Any, Any, Response], limits: Limits) -> Response:
    try:
        async with asyncio.timeout(limits.seconds):
            return await work
    except TimeoutError as error:
        raise FetchError("time", f"{limits.seconds} s", code="unreachable") from error


def _blocking(work: Coroutine[Any, Any, Response], limits: Limits) -> Response:
    return services.wait_for(work, limits.seconds + 5)


async def _follow(url: Url, headers: Mapping[str, str], limits: Limits, gate: Gate) -> Response:
    first, lasting = url, True
    for _ in range(limits.redirects + 1):
        sent = headers if url.origin == first.origin else _kept(headers)
        response = await _ask(_Request("GET", url, dict(sent)), limits, gate)
        location = response.headers.get("location")
        if response.status not in REDIRECTS or not location:
            moved = str(url) if lasting and str(url) != str(first) else None
            return Response(str(url), response.status, response.headers, response.body, moved)
        lasting = lasting and response.status in LASTING
        url = _next(url, location)
    raise FetchError("redirects", f"more than {limits.redirects}")


def _next(url: Url, location: str) -> Url:
    found = Url.parse(urljoin(str(url), _as_meant(location)))
    if url.scheme == "https" and found.scheme != "https":
        raise FetchError("scheme", "a redirect from https to http")
    return found


def _as_meant(location: str) -> str:
    """Many send letters beyond ASCII as UTF-8, as browsers take them."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in KEPT_ELSEWHERE}


async def _ask(request: _Request, limits: Limits, gate: Gate) -> Response:
    async with gate.enter(request.url.host):
        target = await guard.find(request.url.host, request.url.port)
        return await _exchange(request, target, limits)


async def _exchange(request: _Request, target: Target, limits: Limits) -> Response:
    import httpcore

    from federation.wire import Pinned

    url = request.url
    connection = httpcore.AsyncHTTPConnection(
        httpcore.Origin(url.scheme.encode(), url.host.encode(), url.port),
        ssl_context=tls() if url.scheme == "https" else None,
        network_backend=Pinned(target, limits.bytes + limits.header_bytes * 4),
    )
    try:
        answer = await connection.handle_async_request(_outgoing(request))
        return await _read(url, answer, limits)
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise FetchError("connect", str(error)[:120], code="unreachable") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchError("http", str(error)[:120], code="unreachable") from error
    finally:
        await connection.aclose()


def _outgoing(request: _Request) -> httpcore.Request:
    import httpcore

    url = request.url
    headers = {
        "Host": url.authority,
        "User-Agent": user_agent(),
        "Accept-Encoding": ACCEPTED,
        "Connection": "close",
        **request.headers,
    }
    if request.body is not None:
        headers["Content-Length"] = str(len(request.body))
    where = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
    return httpcore.Request(request.method, where, headers=list(headers.items()), content=request.body)


async def _read(url: Url, answer: httpcore.Response, limits: Limits) -> Response:
    headers = _headers(answer.headers, limits)
    if answer.status in REDIRECTS and "location" in headers:
        return Response(str(url), answer.status, headers, b"")
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limits.bytes:
        raise FetchError("size", f"{declared} bytes declared")
    inflate = Inflate(headers.get("content-encoding", "").strip().lower(), limits.bytes)
    parts = [inflate.feed(chunk) async for chunk in answer.aiter_stream()]
    if any(parts):
        inflate.finish()
    return Response(str(url), answer.status, headers, b"".join(parts))


def _headers(raw: list[tuple[bytes, bytes]], limits: Limits) -> dict[str, str]:
    size = sum(len(name) + len(value) for name, value in raw)
    if len(raw) > limits.headers or size > limits.header_bytes:
        raise FetchError("headers", "more than allowed")
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The one TLS client context: the system's authorities, 1.2 or later, names checked."""
    import ssl

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
