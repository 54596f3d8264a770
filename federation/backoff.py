"""How long a site that could not be reached is left alone: doubling from a first delay, with jitter, per
site."""

from __future__ import annotations

import random
import time
from collections import OrderedDict

from federation.here import Site

REMEMBERED = 4_096


class BackOff:
    """Seconds throughout. What is remembered is bounded; forgetting only means trying sooner."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._sites: OrderedDict[Site, tuple[int, float]] = OrderedDict()

    def wait(self, site: Site) -> float:
        """How long to wait before the next try; 0 means now."""
        return max(0.0, self._sites.get(site, (0, 0.0))[1] - time.monotonic())

    def failed(self, site: Site) -> float:
        """It could not be reached; returns the wait that follows."""
        failures = self._sites.pop(site, (0, 0.0))[0] + 1
        full = min(self._first * 2.0 ** min(failures - 1, 20), self._longest)
        delay = full * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._sites[site] = (failures, time.monotonic() + delay)
        if len(self._sites) > REMEMBERED:
            self._sites.popitem(last=False)
        return delay

    def reached(self, site: Site) -> None:
        self._sites.pop(site, None)
