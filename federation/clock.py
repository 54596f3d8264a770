"""What time it is, in milliseconds since 1970, for everything of this app that is stored or signed.

Always call `clock.now()` through the module, so that a test can put another clock here.
"""

from __future__ import annotations

import time

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    return time.time_ns() // 1_000_000
