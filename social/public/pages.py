"""A page as it is answered: the one place that turns stored bytes into a response.

The cache in front of Django and Django's own view both use it, so that they cannot differ. Answers carry no
cookie, token or nonce: everybody gets the same bytes.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.http import http_date

from social.public.conditional import unchanged

Headers = list[tuple[bytes, bytes]]
Message = dict[str, Any]
OVERHEAD = 2_000  # bytes a page takes in memory beside its body
REVALIDATE = "public, max-age=0, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


def etag_of(modified: int, size: int) -> bytes:
    """The strong ETag of a version, quotes included: no two versions of a page have the same second. It is
    the one that nginx makes for a file of this time and size, so that it can answer in our place."""
    return b'"%x-%x"' % (modified, size)


class Answer:
    """ASGI messages for one page, made once: whole, 304 and HEAD. `modified` is that of
    `PublishedPage`."""

    __slots__ = ("body", "empty", "etag", "full", "lines", "modified", "size", "still", "unchanged")

    def __init__(self, body: bytes, headers: Headers, cache: str, modified: int) -> None:
        self.etag = etag_of(modified, len(body))
        self.modified = modified
        self.size = len(body) + OVERHEAD
        validators: Headers = [
            (b"etag", self.etag),
            (b"last-modified", http_date(modified).encode("ascii")),
            (b"cache-control", cache.encode("ascii")),
        ]
        described = [*headers, (b"content-length", b"%d" % len(body)), *validators]
        still = [validators[0], validators[2]]
        self.full: Message = {"type": "http.response.start", "status": 200, "headers": described}
        self.unchanged: Message = {"type": "http.response.start", "status": 304, "headers": still}
        self.lines, self.still = _lines(described), _lines(still)
        self.body: Message = {"type": "http.response.body", "body": body}
        self.empty: Message = {"type": "http.response.body", "body": b""}

    def to(self, method: str, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Message, Message]:
        """The two messages that answer a GET or HEAD with these (lower-case) headers."""
        if unchanged(headers, self.etag, self.modified):
            return self.unchanged, self.empty
        return self.full, self.empty if method == "HEAD" else self.body

    def written(self, headers: Headers, also: Headers) -> bytes:
        """The HTTP/1.1 answer to a GET with these headers, `also` among its own, as bytes."""
        if unchanged(headers, self.etag, self.modified):
            return b"".join((b"HTTP/1.1 304 Not Modified\r\n", _lines(also), self.still, b"\r\n"))
        return b"".join((b"HTTP/1.1 200 OK\r\n", _lines(also), self.lines, b"\r\n", self.body["body"]))


class Gone(Answer):
    """The answer for what was deleted: 410, without validators, never 304."""

    __slots__ = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        kept = [line for line in self.full["headers"] if line[0] not in (b"etag", b"last-modified")]
        self.full = {**self.full, "status": 410, "headers": kept}
        self.lines = _lines(kept)

    def to(self, method: str, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Message, Message]:
        return self.full, self.empty if method == "HEAD" else self.body

    def written(self, headers: Headers, also: Headers) -> bytes:
        return b"".join((b"HTTP/1.1 410 Gone\r\n", _lines(also), self.lines, b"\r\n", self.body["body"]))


def _lines(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % line for line in headers])
