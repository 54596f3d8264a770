"""Which addresses of the outside this site connects to, and the connecting itself.

A name is resolved once; every answer must be public (or named with its port in FETCH_ALLOW of a development
site); the connection goes to exactly one of those answers, never to the name again. Ports are 80 and 443.
Nothing else in the server opens connections to where strangers point.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from federation import blocks, here
from homevault.protocol.addresses import is_host, is_public
from homevault.protocol.errors import ProtocolError

PORTS = (80, 443)
MAX_ADDRESSES = 8
CONNECT_SECONDS = 6.0
RESOLVER_THREADS = 8

_resolvers: ThreadPoolExecutor | None = None


class FetchError(ProtocolError):
    """The outside could not be asked. `code` is `refused` (never will be) or `unreachable` (may be,
    later); `reason` is one word for the owner: url, scheme, port, address, name, redirects, size, time,
    headers, encoding, connect, blocked or http."""

    def __init__(self, reason: str, detail: str = "", *, code: str = "refused") -> None:
        super().__init__(code, f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """A place that may be connected to. `plain`: FETCH_ALLOW names it, so http and ws are allowed and
    expected."""

    host: str
    port: int
    addresses: tuple[str, ...]
    plain: bool


async def find(host: str, port: int) -> Target:
    """Resolve and judge a host. Raises FetchError; `host` is a DNS name or an IP literal without brackets."""
    if blocks.is_blocked(host):
        raise FetchError("blocked", host)
    addresses = (host,) if _is_literal(host) else await _resolve(host, port)
    if not addresses:
        raise FetchError("name", host, code="unreachable")
    allowed = [here.is_allowed(ip, port) for ip in addresses]
    for ip, free in zip(addresses, allowed, strict=True):
        if not free:
            _check(ip, port)
    return Target(host, port, addresses[:MAX_ADDRESSES], all(allowed))


async def connect(target: Target) -> socket.socket:
    """A connected, non-blocking TCP socket to the first address that answers."""
    for ip in target.addresses:
        with contextlib.suppress(OSError, TimeoutError):
            return await _connect(ip, target.port)
    raise FetchError("connect", here.name((target.host, target.port)), code="unreachable")


def lookup(host: str, port: int) -> tuple[str, ...]:
    """What the system's resolver says, each address once. The one place where names become numbers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def _check(ip: str, port: int) -> None:
    if not is_public(ip):
        raise FetchError("address", ip)
    if port not in PORTS:
        raise FetchError("port", str(port))


def _is_literal(host: str) -> bool:
    if not is_host(host):
        raise FetchError("name", host[:80])
    with contextlib.suppress(OSError):
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
        return True
    return False


async def _resolve(host: str, port: int) -> tuple[str, ...]:
    global _resolvers
    if _resolvers is None:
        _resolvers = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")
    try:
        return await asyncio.get_running_loop().run_in_executor(_resolvers, lambda: lookup(host, port))
    except (OSError, UnicodeError) as error:
        raise FetchError("name", host, code="unreachable") from error


async def _connect(ip: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_connect(sock, (ip, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock
