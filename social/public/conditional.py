"""Conditional requests (RFC 9110 §13) for pages that have one strong ETag and a date to the second.

If-None-Match decides when it is there, compared weakly, lists and `*` included; only without it does
If-Modified-Since count.
"""

import re
from collections.abc import Iterable

from django.utils.http import parse_http_date_safe

ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def unchanged(headers: Iterable[tuple[bytes, bytes]], etag: bytes, modified: int) -> bool:
    """Whether a GET or HEAD with these (lower-case) headers is answered 304."""
    since: bytes | None = None
    asked = False
    for name, value in headers:
        if name == b"if-none-match":
            if value == etag or _names(value, etag):
                return True
            asked = True
        elif name == b"if-modified-since":
            since = value
    if asked or since is None:
        return False
    moment = parse_http_date_safe(since.decode("latin-1"))
    return moment is not None and modified <= moment


def _names(value: bytes, etag: bytes) -> bool:
    return value.strip() == b"*" or etag in ENTITY_TAG.findall(value)
