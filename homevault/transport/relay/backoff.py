"""How long to wait before dialling again: doubling, capped, with jitter so that vaults differ."""

from __future__ import annotations

from homevault.protocol.ports import Random

FIRST = 0.5
LONGEST = 60.0
STEADY = 10.0


class Backoff:
    """Seconds between attempts. A link that lived `STEADY` seconds starts the count anew; a shorter one does
    not, so that a site that welcomes and drops us is not hammered."""

    def __init__(self, random: Random, first: float = FIRST, longest: float = LONGEST) -> None:
        self._random = random
        self._first = first
        self._longest = longest
        self._failures = 0

    def lived(self, seconds: float) -> None:
        """Tell how long the last link lasted."""
        if seconds >= STEADY:
            self._failures = 0

    def next(self) -> float:
        """The pause before the next attempt: between half and all of the doubled bound."""
        bound = min(self._longest, self._first * 2.0 ** min(self._failures, 16))
        self._failures += 1
        fraction = int.from_bytes(self._random.bytes(4), "big") / 2**32
        return bound * (0.5 + fraction / 2)
