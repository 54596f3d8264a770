"""Counts what somebody does within a window of time, and says when it is enough.

Windows are fixed (all of a minute, all of an hour), counts live in the cache: approximate on purpose,
cheap, and gone after a restart.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from homevault.protocol.errors import ProtocolError

MINUTE = 60
HOUR = 3600


def allow(what: str, who: str, count: int, seconds: int) -> bool:
    """Count one more of `what` by `who`; False once it is more than `count` in `seconds`."""
    window = int(time.time()) // seconds
    name = salted_hmac("porchlight.limits", f"{what}:{who}").hexdigest()
    key = f"limit:{name}:{window}"
    cache.add(key, 0, timeout=seconds + 1)
    try:
        return cache.incr(key) <= count
    except ValueError:
        return True


def require(what: str, who: str, count: int, seconds: int) -> None:
    """`allow`, or ProtocolError `too_many`."""
    if not allow(what, who, count, seconds):
        raise ProtocolError("too_many", what)
