"""What two people compare to know that nobody stands between them (SPEC 4.7)."""

import hashlib

from homevault.protocol.canonical import tag
from homevault.protocol.encoding import b64decode
from homevault.protocol.keys import KEY_BYTES

GROUPS = 12


def safety_number(account_a: str, account_b: str) -> str:
    """Twelve groups of five digits, the same whichever of the two asks."""
    first, second = sorted(b64decode(account, KEY_BYTES) for account in (account_a, account_b))
    digest = hashlib.sha256(tag("safety-number") + first + second).digest()
    bits = int.from_bytes(digest[:30], "big")
    pieces = [bits >> 20 * (GROUPS - 1 - at) & 0xFFFFF for at in range(GROUPS)]
    return " ".join(f"{piece % 100_000:05d}" for piece in pieces)
