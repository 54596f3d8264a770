"""Mail and typing marks that other sites send to members here: given to the relay as they came."""

from __future__ import annotations

from federation.here import Site
from homevault.protocol.envelope import Envelope
from signaling import relay

TYPES = ("mail", "request", "typing")


async def take(envelope: Envelope, raw: bytes, site: Site) -> None:
    """Mail is in the mailboxes when this returns. Raises ProtocolError."""
    await relay.deliver(raw, envelope)
