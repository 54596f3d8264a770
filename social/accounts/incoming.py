"""Mail between sites, seen from the members: what comes for them goes to the relay as it came; what another
site will not take is told to the device that sent it."""

from __future__ import annotations

from federation.here import Site
from homevault.protocol.envelope import Envelope, read_envelope
from homevault.protocol.errors import CODES
from signaling import relay

TYPES = ("mail", "request", "typing", "presence")


async def take(envelope: Envelope, raw: bytes, site: Site) -> None:
    """Mail is in the mailboxes when this returns. Raises ProtocolError."""
    await relay.deliver(raw, envelope)


def undelivered(site: Site, raw: bytes, code: str, detail: str) -> None:
    """Only a hint for a device that is connected: the sender's marks rest on signed acks, not on this."""
    envelope = read_envelope(raw)
    if envelope.from_.username:
        fields = {"ref": envelope.id, "code": code, "message": detail or CODES.get(code, "")}
        relay.push_site(envelope.from_device, "error", fields)
