"""How somebody stands with this site's moderators, asked from below: `social.safety` registers what knows.

Nobody registered means that everybody may do everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class Block:
    """Blocked until a time (milliseconds since 1970), with the words for the one who is."""

    until: int
    reason: str

    def fields(self) -> dict[str, int | str]:
        """The members of a `block-state` envelope."""
        return {"until": self.until, "reason": self.reason}


BlockOf = Callable[[str, str], Block | None]
"""The block on a username here and device, if there is one now. Reads the database."""
Unwanted = Callable[[str, Address], bool]
"""Whether the member of this name has blocked this address. Reads the database."""

_block_of: list[BlockOf] = []
_unwanted: list[Unwanted] = []


def register(block_of: BlockOf, unwanted: Unwanted) -> None:
    """Say who knows; call it from AppConfig.ready()."""
    _block_of[:], _unwanted[:] = [block_of], [unwanted]


def block_of(username: str, device: str = "") -> Block | None:
    return next((found for ask in _block_of if (found := ask(username, device))), None)


def require_unblocked(username: str, device: str = "") -> None:
    """ProtocolError `blocked` while a moderator's block stands."""
    if block_of(username, device) is not None:
        raise ProtocolError("blocked")


def is_unwanted(username: str, sender: Address) -> bool:
    return any(ask(username, sender) for ask in _unwanted)
