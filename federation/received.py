"""Which mail was handled here already, so that a copy of it does nothing (SPEC 6.2).

A row is written after the handler's work is durable and kept until the envelope's time is over, when a copy
is refused anyway. A crash between the two lets a handler see an envelope twice: handlers are idempotent by
(`from_device`, `id`).
"""

from __future__ import annotations

from federation import clock
from federation.models import Received
from homevault.protocol.envelope import AHEAD, Envelope, envelope_hash
from homevault.protocol.errors import ProtocolError


def is_copy(envelope: Envelope) -> bool:
    """Whether this very envelope was handled. Raises ProtocolError `replay` for another one of the same
    id."""
    found = Received.objects.filter(device=envelope.from_device, envelope=envelope.id).first()
    if found is not None and found.hash != envelope_hash(envelope):
        raise ProtocolError("replay", "id")
    return found is not None


def record(envelope: Envelope) -> None:
    """It is handled."""
    Received.objects.bulk_create(
        [
            Received(
                device=envelope.from_device,
                envelope=envelope.id,
                hash=envelope_hash(envelope),
                until=envelope.time + envelope.ttl * clock.SECOND + AHEAD,
            )
        ],
        ignore_conflicts=True,
    )


def sweep() -> None:
    """Forget what would be refused as expired."""
    Received.objects.filter(until__lt=clock.now()).delete()
