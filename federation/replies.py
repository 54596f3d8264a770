"""Envelopes that the site itself writes to other sites: `accepted` and `error` (SPEC 6.2, 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation import clock, here, sitekey
from federation.here import Site
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, make_envelope
from homevault.protocol.errors import CODES, ProtocolError
from homevault.protocol.ports import SystemRandom

TTL = 300
MAX_MESSAGE = 200
_random = SystemRandom()


def write(
    to: Address, type: str, fields: Mapping[str, Any], *, to_device: str | None = None, ttl: int = TTL
) -> Envelope:
    """An envelope of this site, signed by its key; `ttl` in seconds. Also for `hint`, `watch`,
    `comment-state`."""
    key = sitekey.current()
    return make_envelope(
        here.address(), to, type, fields, key.sign, key.public, to_device, clock.now(), ttl, _random
    )


def accepted(site: Site, ref: str) -> bytes:
    """It is durable here."""
    return write(Address(*site, ""), "accepted", {"ref": ref}).raw


def refused(envelope: Envelope, error: ProtocolError) -> bytes:
    """Why not: mail is answered to the site whose outbox holds it, live to the device that sent it."""
    if envelope.mail or not envelope.from_.username:
        return unreadable(envelope.from_.site, envelope.id, error)
    fields = _fields(envelope.id, error)
    return write(envelope.from_, "error", fields, to_device=envelope.from_device).raw


def unreadable(site: Site, ref: str | None, error: ProtocolError) -> bytes:
    """Why an envelope of a site was not taken."""
    return write(Address(*site, ""), "error", _fields(ref, error)).raw


def _fields(ref: str | None, error: ProtocolError) -> dict[str, Any]:
    return {"ref": ref, "code": error.code, "message": (error.detail or CODES[error.code])[:MAX_MESSAGE]}
