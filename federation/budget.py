"""What one site may have done here: so many envelopes a second, by whatever way they come, some more at once.

A link waits until the next envelope is covered, and with it the other site; a POST that is not covered is
refused.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from federation.here import Site

RATE, BURST = 400.0, 800.0
REMEMBERED = 4_096

_left: OrderedDict[Site, tuple[float, float]] = OrderedDict()


def spend(site: Site, patience: float | None = None) -> float | None:
    """Count one envelope; seconds to wait before handling it. With `patience` (seconds), None and nothing
    counted if the wait were longer."""
    now = time.monotonic()
    left, last = _left.pop(site, (BURST, now))
    left = min(BURST, left + (now - last) * RATE) - 1
    wait = max(0.0, -left / RATE)
    refused = patience is not None and wait > patience
    _left[site] = (left + refused, now)
    if len(_left) > REMEMBERED:
        _left.popitem(last=False)
    return None if refused else wait
