"""Five hundred visitors of one embedded site, each on a websocket that proved its key: what a socket costs,
and how long all take to be back after the site was away.

Memory is what the process has more with all of them than with the first ten, after each server saw them once
before; the reference is a bare ASGI websocket on uvicorn. All come back as quickly as one address may; the
time ends with the last `welcome`.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from homevault.protocol.keys import SignKey
from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.peerjs import open_websocket
from tests.bench.site import BenchSite, Vault

COUNT, FIRST = 500, 10
AT_ONCE = 30  # an address may have 32 sockets that proved nothing yet
SETTLE_SECONDS = 2.0
GOAL = 1.2


def measure() -> Iterator[Figure]:
    site = BenchSite(machine.fresh_folder("visitors"))
    site.prepare()
    made = json.loads(site.run("-m", "tests.bench.guests", str(COUNT)))
    guests = [(Vault(name, SignKey.from_seed(bytes.fromhex(seed))), cookie) for name, seed, cookie in made]
    visits = [lambda one=one: site.connect(*one) for one in guests]
    with site.serving():
        ours, _ = held(site.pid, visits)
    port = machine.free_port()
    with machine.serving(bare(port), port, machine.BUILD / "baresocket.log") as pid:
        reference, _ = held(pid, [lambda: open_websocket(port, "/", 0)] * COUNT)
    yield Figure(f"memory of each of {COUNT} visitors", ours, "KB", reference, GOAL, more=False)
    with site.serving():
        _, seconds = held(site.pid, visits)
    yield Figure(f"{COUNT} visitors come back", seconds, "s")


def bare(port: int) -> list[str]:
    options = ["--port", str(port), "--ws", "websockets-sansio", "--loop", "uvloop", "--no-access-log"]
    return [sys.executable, "-m", "uvicorn", "tests.bench.baresocket:application", *options]


def held(pid: int, visits: list[Callable[[], socket.socket]]) -> tuple[float, float]:
    """(KB of memory a socket, seconds until the last is there)."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        opened = list(threads.map(call, visits[:FIRST]))
        before = settled(pid)
        begun = time.monotonic()
        opened += threads.map(call, visits[FIRST:])
        seconds = time.monotonic() - begun
        grown = settled(pid) - before
    for one in opened:
        one.close()
    return grown * 1000 / (len(visits) - FIRST), seconds


def call(visit: Callable[[], socket.socket]) -> socket.socket:
    return visit()


def settled(pid: int) -> float:
    """Memory in MB, a while after the last thing happened."""
    time.sleep(SETTLE_SECONDS)
    return machine.rss(pid)
