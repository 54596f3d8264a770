"""How long a site that could not be reached is left alone: doubling from a first delay, with jitter, per
site."""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from dataclasses import dataclass

from federation.here import Site
from homevault.protocol.errors import ProtocolError

REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class _Trouble:
    failures: int
    until: float
    code: str
    detail: str


class BackOff:
    """Seconds throughout. What is remembered is bounded; forgetting only means trying sooner."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._sites: OrderedDict[Site, _Trouble] = OrderedDict()

    def wait(self, site: Site) -> float:
        """How long to wait before the next try; 0 means now."""
        trouble = self._sites.get(site)
        return max(0.0, trouble.until - time.monotonic()) if trouble else 0.0

    def problem(self, site: Site) -> ProtocolError:
        """Why it was not reached the last time."""
        trouble = self._sites.get(site)
        return ProtocolError(trouble.code, trouble.detail) if trouble else ProtocolError("unreachable")

    def failed(self, site: Site, why: ProtocolError) -> float:
        """It could not be reached; returns the wait that follows."""
        known = self._sites.pop(site, None)
        failures = known.failures + 1 if known else 1
        full = min(self._first * 2.0 ** min(failures - 1, 20), self._longest)
        delay = full * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._sites[site] = _Trouble(failures, time.monotonic() + delay, why.code, why.detail)
        if len(self._sites) > REMEMBERED:
            self._sites.popitem(last=False)
        return delay

    def reached(self, site: Site) -> None:
        self._sites.pop(site, None)
