"""The network under the guarded client: httpcore's own, nailed to checked addresses and a byte count."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from federation.guard import CONNECT_SECONDS, FetchError, Target


class Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the addresses of one Target, whatever host is asked for, and reads at most `limit`
    bytes."""

    def __init__(self, target: Target, limit: int) -> None:
        self._target, self._limit = target, limit
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        problem: Exception | None = None
        for address in self._target.addresses:
            try:
                stream = await self._backend.connect_tcp(address, self._target.port, CONNECT_SECONDS)
                return Counted(stream, self._limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem or httpcore.ConnectError(host)

    async def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        raise FetchError("address", "a unix socket")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class Counted(httpcore.AsyncNetworkStream):
    """A stream that ends with FetchError `size` once more came than any allowed answer can hold."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, limit: int) -> None:
        self._stream, self._left = stream, limit

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data = await self._stream.read(max_bytes, timeout)
        self._left -= len(data)
        if self._left < 0:
            raise FetchError("size", "more than allowed")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
