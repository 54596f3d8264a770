"""What the own site says about its keys (SPEC 4.5), asked when it proves another one than it had.

Promise: the key found is one to which signed rotations lead from the known one; anything else is None.
Limits: 16,384 bytes, no redirects, no proxy; TLS as for the socket.
"""

from __future__ import annotations

import asyncio
import http.client
import ssl

from homevault.protocol.canonical import parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.sites import verify_site_document
from homevault.transport.relay.origin import Origin

PATH = "/.well-known/porchlight"
MAX_BYTES = 16_384
SECONDS = 10.0


async def rotated(origin: Origin, known: str) -> str | None:
    """The present key of the site at `origin`, if it is another one and `known` has vouched for it."""
    try:
        found = verify_site_document(parse(await asyncio.to_thread(_get, origin), MAX_BYTES))
        if found.address == origin.site and found.key != known and found.follows(known):
            return found.key
    except (ProtocolError, OSError, http.client.HTTPException):
        return None
    return None


def _get(origin: Origin) -> bytes:
    connection = _connection(origin)
    try:
        connection.request("GET", PATH, headers={"User-Agent": "homevault"})
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise OSError(f"HTTP {response.status}")
        return response.read(MAX_BYTES + 1)
    finally:
        connection.close()


def _connection(origin: Origin) -> http.client.HTTPConnection:
    host, port = origin.site.ip, origin.site.port
    if origin.secure:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=SECONDS)
