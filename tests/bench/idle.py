"""What a site costs that nobody visits: resident memory a while after its start, and the start itself."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from statistics import median

from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.site import BenchSite

ROUNDS = 3
GOAL_MB = 120.0
SETTLE_SECONDS = 5.0
READY = "/.well-known/porchlight"


def measure() -> Iterator[Figure]:
    site = BenchSite(machine.fresh_folder("idle"))
    site.prepare()
    starts, sizes = [], []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        with site.serving():
            assert site.child is not None
            machine.wait(lambda: answers(site.port), site.child)
            starts.append(time.monotonic() - begun)
            time.sleep(SETTLE_SECONDS)
            sizes.append(machine.rss(site.pid))
    yield Figure("idle RSS of a site", median(sizes), "MB", goal=GOAL_MB, more=False, detail={"all": sizes})
    yield Figure("cold start of a site", median(starts), "s", detail={"all": starts})


def answers(port: int) -> bool:
    """Whether a page that needs the whole site comes."""
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", READY)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
