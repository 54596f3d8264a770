"""The way without a link: the same envelope by signed `POST /federation/inbox` (SPEC 6.4, 8.2)."""

from __future__ import annotations

import orjson

from federation import fetch, signatures
from federation.fetch import Limits
from federation.here import Site
from homevault.protocol.errors import ProtocolError, from_wire

PATH = "/federation/inbox"
LIMITS = Limits(bytes=16_384, seconds=20, redirects=0)


async def envelope(site: Site, raw: bytes) -> None:
    """Hand an envelope over; when this returns, the other site has it. Raises ProtocolError with what it
    said, or `unreachable`."""
    url = await fetch.origin_of(site) + PATH
    response = await fetch.post(url, raw, signatures.sign_request("POST", url, raw), LIMITS)
    if response.status == 202:
        return
    raise _said(response)


def _said(response: fetch.Response) -> ProtocolError:
    try:
        found = orjson.loads(response.body)
        code, message = found["code"], str(found.get("message", ""))
    except (ValueError, LookupError, TypeError):
        code = message = None
    if response.status == 401:
        return ProtocolError("not_proven", f"our signature was refused: {code}")
    if code is None or response.status in (500, 502, 503, 504):
        return ProtocolError("unreachable", f"status {response.status}")
    return from_wire(code, message or "")
