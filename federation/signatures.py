"""Signed requests between sites (SPEC 8.2): who asks is proved, what is asked cannot be changed or sent
twice.

A request is taken if the label and tag are `porchlight`, the signature covers method, target, content type,
content digest and the site header, lives at most 300 seconds, was made by the pinned key of the site it
names, and its nonce is new. Errors: `signature`, `clock`, `expired`, `replay`, `not_proven`, `refused`,
`unreachable`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest

from federation import clock, here, peers, replay, sitekey, threads
from federation.here import Site
from homevault.protocol.addresses import Address
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError

if TYPE_CHECKING:
    from federation.httpsig import Message

LABEL = TAG = "porchlight"
SITE_HEADER = "Porchlight-Site"
COVERED = ("@method", "@target-uri", "content-type", "content-digest", "porchlight-site")
ONCE = ("content-type", "content-digest", "porchlight-site")
LIFETIME = 300
SKEW = 30
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Signed:
    """Who made a request: a site, and the key that proved it."""

    site: Site
    key: str


def sign_request(
    method: str, url: str, body: bytes, content_type: str = "application/json"
) -> dict[str, str]:
    """The headers to send with a request of this site's; a retry needs new ones. `url` is absolute."""
    from federation import httpsig

    lines = {"Content-Type": content_type, SITE_HEADER: here.name(here.site())}
    message = httpsig.Message(method.upper(), url, httpsig.Headers(lines.items()))
    created = clock.now() // clock.SECOND
    httpsig.sign(
        message,
        body,
        sitekey.current().sign,
        tag=TAG,
        label=LABEL,
        nonce=b64encode(os.urandom(NONCE_BYTES)),
        created=created,
        expires=created + LIFETIME,
        covered=COVERED,
    )
    return dict(message.headers.items())


async def verify_request(request: HttpRequest, body: bytes | None = None) -> Signed:
    """Who made this request, proved. Reads `request.body` unless given. Raises ProtocolError."""
    check = _Check.of(request, request.body if body is None else body)
    key = await peers.key_of(check.site, check.key)
    return await threads.run(check.finish, key)


def verify_request_sync(request: HttpRequest, body: bytes | None = None) -> Signed:
    """`verify_request` for a synchronous view; the database is used in the calling thread."""
    check = _Check.of(request, request.body if body is None else body)
    return check.finish(peers.key_of_sync(check.site, check.key))


@dataclass(frozen=True, slots=True)
class _Check:
    """A signed request whose parameters are in order; the signature itself is checked by `finish`."""

    message: Message
    body: bytes
    site: Site
    key: str
    nonce: str
    expires: int

    @classmethod
    def of(cls, request: HttpRequest, body: bytes) -> _Check:
        from federation import httpsig

        lines = _lines(request)
        named = [value for name, value in lines if name.lower() == SITE_HEADER.lower()]
        message = httpsig.Message(request.method or "", target_uri(request), httpsig.Headers(lines))
        if any(sum(name.lower() == once for name, _ in lines) != 1 for once in ONCE):
            raise ProtocolError("signature", "a covered header is missing or stands twice")
        found = httpsig.parameters(message, TAG, LABEL)
        expires = _check_times(found)
        return cls(message, body, _site(named[0]), _key(found), _nonce(found), expires)

    def finish(self, known: str) -> Signed:
        """Verify with the key that the site is known by, then use up the nonce."""
        from federation import httpsig

        if known != self.key:
            raise ProtocolError("not_proven", "another key than the site's")
        httpsig.verify(self.message, self.body, known, TAG, LABEL, COVERED)
        replay.take(known, self.nonce, (self.expires + SKEW) * clock.SECOND)
        return Signed(self.site, known)


def target_uri(request: HttpRequest) -> str:
    """The URL as it was asked for, at this site's own origin whatever the Host header says."""
    scope: Mapping[str, Any] = getattr(request, "scope", {})
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(request.path, safe="/%:@!$&'()*+,;=-._~")
    query = request.META.get("QUERY_STRING", "")
    return here.origin() + path + (f"?{query}" if query else "")


def _lines(request: HttpRequest) -> list[tuple[str, str]]:
    scope: Mapping[str, Any] = getattr(request, "scope", {})
    if "headers" in scope:
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return list(request.headers.items())


def _site(text: str) -> Site:
    address = Address.parse(text)
    if address.username or here.name(address.site) != text:
        raise ProtocolError("address", text[:80])
    return address.site


def _key(found: Mapping[str, Any]) -> str:
    if found.get("alg") != "ed25519":
        raise ProtocolError("signature", "another algorithm")
    key = found.get("keyid")
    b64decode(key, 32)
    return str(key)


def _nonce(found: Mapping[str, Any]) -> str:
    nonce = found.get("nonce")
    if not isinstance(nonce, str) or not 16 <= len(nonce) <= 64:
        raise ProtocolError("signature", "a nonce of 16 to 64 characters is missing")
    return nonce


def _check_times(found: Mapping[str, Any]) -> int:
    created, expires = found.get("created"), found.get("expires")
    if type(created) is not int or type(expires) is not int or not 0 < expires - created <= LIFETIME:
        raise ProtocolError("signature", "created and expires, at most 300 s apart, are missing")
    now = clock.now() // clock.SECOND
    if created > now + SKEW:
        raise ProtocolError("clock", "created")
    if expires < now - SKEW:
        raise ProtocolError("expired", "expires")
    return expires
