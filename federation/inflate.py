"""Undo a Content-Encoding with the output bounded at every step: a decompression bomb costs its cap, no more.

gzip (several members too), deflate with or without the zlib header, identity. Others are refused.
"""

from __future__ import annotations

import zlib

from federation.guard import FetchError

ACCEPTED = "gzip, deflate"
_GZIP, _ZLIB, _RAW = 31, 15, -15


class Inflate:
    """Feed it the body as it comes; it returns what that means, up to `limit` bytes in all."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._gzip = encoding in ("gzip", "x-gzip")
        if not self._gzip and encoding not in ("", "identity", "deflate"):
            raise FetchError("encoding", encoding[:40])
        self._left = limit
        self._deflate = encoding == "deflate"
        self._stream = zlib.decompressobj(_GZIP) if self._gzip else None

    def feed(self, data: bytes) -> bytes:
        """The decoded bytes. Raises FetchError `size` beyond the limit, `encoding` for what is not so
        encoded."""
        if self._deflate and self._stream is None and data:
            self._stream = zlib.decompressobj(_ZLIB if data[0] & 0x0F == 8 else _RAW)
        try:
            out = self._inflate(data)
        except zlib.error as error:
            raise FetchError("encoding", str(error)) from error
        self._left -= len(out)
        if self._left < 0:
            raise FetchError("size", "more than allowed")
        return out

    def finish(self) -> None:
        """Raises FetchError `encoding` if the body ended too early."""
        if self._stream is not None and not self._stream.eof:
            raise FetchError("encoding", "cut short")

    def _inflate(self, data: bytes) -> bytes:
        if self._stream is None:
            return data
        parts: list[bytes] = []
        room = self._left + 1
        while data and room > 0:
            part = self._stream.decompress(data, room)
            parts.append(part)
            room -= len(part)
            data = self._next_member() if self._stream.eof else self._stream.unconsumed_tail
        return b"".join(parts)

    def _next_member(self) -> bytes:
        assert self._stream is not None
        rest = self._stream.unused_data
        if not self._gzip or not rest.startswith(b"\x1f\x8b"):
            return b""
        self._stream = zlib.decompressobj(_GZIP)
        return rest
