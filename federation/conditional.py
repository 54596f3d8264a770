"""Whether somebody has a document already (RFC 9110, section 13.1.2)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import parse_etags


def has(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names this strong ETag: alone, in a list, weakly, or by `*`."""
    named = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in named or etag in [one.removeprefix("W/") for one in named]
