"""The ticket that a waiting device shows as a QR code (SPEC 4.8)."""

from dataclasses import dataclass

from homevault.protocol import schema
from homevault.protocol.errors import ProtocolError

TICKET = "PL1"
SECRET_BYTES = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a newcomer shows as a QR code: the slot where it waits, its commitment, and a secret that never
    passes through the site."""

    slot: str
    commit: str
    secret: str

    def __str__(self) -> str:
        return f"{TICKET}.{self.slot}.{self.commit}.{self.secret}"

    @classmethod
    def parse(cls, text: str) -> "Ticket":
        """The ticket that was scanned; `schema`, `encoding` or `unsupported_suite`."""
        suite, *parts = text.split(".")
        if suite != TICKET:
            raise ProtocolError("unsupported_suite", "ticket")
        if len(parts) != 3:
            raise schema.schema_error("ticket")
        ticket = cls(*parts)
        schema.nonce(ticket.slot, "slot")
        schema.key(ticket.commit, "commit")
        schema.nonce(ticket.secret, "secret")
        return ticket
