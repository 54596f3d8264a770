"""The code that an authenticator app shows, without Django: for browsers that talk to a real site."""

from __future__ import annotations

import hashlib
import hmac
import time


def code_now(secret: bytes, steps: int = 0) -> str:
    """RFC 6238, some steps of 30 seconds away from now."""
    counter = int(time.time()) // 30 + steps
    mac = hmac.new(secret, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
