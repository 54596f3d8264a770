"""What members feel while fifty servers answer their site with a byte a second: the 95th percentile of
ordinary requests meanwhile, against the same requests of the same site once those servers are gone.

A member follows all fifty, and their polls are due; a few more are being followed at any time, by requests
that wait for them. What is timed goes one after the other over a connection that stays open.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from tests.bench import machine
from tests.bench.browser import Browser
from tests.bench.figures import Figure, p95
from tests.bench.posts import USERNAME
from tests.bench.site import BenchSite
from tests.bench.unchanged import address

SERVERS = 50
NEXT = range(SERVERS, SERVERS + 200)  # the numbers of those that are being followed
FOLLOWING = 4  # at any time
HELD = 10  # connections that are open at least, before anything is timed
SECONDS = 20.0
CALM_SECONDS = 3.0
GOAL = 2.0
ASKED = ("/api/v1/timeline", "/api/v1/follows", "/api/v1/me", f"/@{USERNAME}")


def measure() -> Iterator[Figure]:
    port = machine.free_port()
    site = BenchSite(machine.fresh_folder("hostile"))
    site.extra["FETCH_ALLOW"] = ",".join(f"{address(number)}:{port}" for number in range(NEXT.stop))
    site.prepare()
    site.run("-m", "tests.bench.posts", "20", "500")
    site.run("-m", "tests.bench.follows", "due", str(port), str(SERVERS))
    with ExitStack() as servers:
        child = servers.enter_context(trickling(port))
        machine.wait_port(port, child)
        with site.serving(), Browser(site.origin) as member:
            member.log_in()
            with being_followed(site, port):
                machine.wait(lambda: machine.connections(port) >= HELD, child)
                ours = times(member)
                held = machine.connections(port)
                servers.close()
            if held < HELD:
                raise RuntimeError(f"only {held} connections were held")
            time.sleep(CALM_SECONDS)
            reference = times(member)
    detail: dict[str, object] = {"held": held, "requests": [len(ours), len(reference)]}
    name = f"request, p95, {SERVERS} slow servers"
    yield Figure(name, p95(ours), "ms", p95(reference), GOAL, more=False, detail=detail)


def trickling(port: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.bench.trickle", str(port)]
    return machine.process(command, log=machine.BUILD / "trickle.log", core=machine.LOAD_CORE)


@contextmanager
def being_followed(site: BenchSite, port: int) -> Iterator[None]:
    """Requests that follow one more such server after the other. They end with those servers."""
    over, numbers = threading.Event(), itertools.chain(NEXT)

    def go_on() -> None:
        with Browser(site.origin) as browser:
            browser.log_in()
            for number in numbers:
                if over.is_set():
                    return
                body = {"address": f"http://{address(number)}:{port}/feed"}
                browser.raw("POST", "/api/v1/follows", body)

    threads = [threading.Thread(target=go_on) for _ in range(FOLLOWING)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        over.set()
        for one in threads:
            one.join()


def times(member: Browser) -> list[float]:
    """Milliseconds of each request."""
    found, end = [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        for path in ASKED:
            begun = time.perf_counter()
            member.ask("GET", path)
            found.append((time.perf_counter() - begun) * 1000)
    return found
