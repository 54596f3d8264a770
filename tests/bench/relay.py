"""Live envelopes through the relay against npm's `peer`, in turns on one core.

Ours: the default server with a real site's members, handshake, canonical form, schema, sender check and
rate limits. The reference parses each message, looks the recipient up and writes it again. Messages of both
have the same length. The shortest `typing` there can be has 643 bytes, so 512 bytes are an `error` between
two devices, the one other live type for devices; a `typing` as people cause it (1,006 bytes) is measured
beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Protocol

from tests.bench import load, machine
from tests.bench.figures import Figure
from tests.bench.load import Pair
from tests.bench.peerjs import peer_server
from tests.bench.site import bench_site

LENGTH = 512
TYPING_LENGTH = 1_006
WINDOW = 32
SECONDS = 2.0
ROUNDS = 3
SLOW_TURNS = 20
SLOW_SECONDS = 0.5
MOST = 100
SLOW_RATE = 500.0
SETTLE_SECONDS = 1.0


class Server(Protocol):
    @property
    def pid(self) -> int: ...

    def pairs(self, count: int, length: int) -> list[Pair]: ...


def measure() -> Iterator[Figure]:
    with bench_site("relay", 2 * MOST) as ours, peer_server() as reference:
        yield memory(ours, reference)
        for count in (10, MOST):
            yield speed(f"relay {count} pairs", ours, reference, count, LENGTH)
        for count in (10, MOST):
            yield speed(f"relay {count} pairs, typing", ours, reference, count, TYPING_LENGTH)
        yield slow(ours, reference)


def loaded(server: Server, count: int, length: int, work: Callable[[Sequence[Pair]], float]) -> float:
    """What `work` measures with that many pairs connected, which are gone afterwards."""
    pairs = server.pairs(count, length)
    try:
        return work(pairs)
    finally:
        for pair in pairs:
            pair.close()
        time.sleep(0.2)


def speed(name: str, ours: Server, reference: Server, count: int, length: int) -> Figure:
    """Messages/s while each pair has WINDOW messages under way."""

    def turn(server: Server) -> float:
        return loaded(server, count, length, lambda pairs: load.saturate(pairs, SECONDS, WINDOW))

    mine, other, detail = machine.turns(lambda: turn(ours), lambda: turn(reference), ROUNDS)
    return Figure(name, mine, "/s", other, goal=0.9, detail={"bytes": length, "window": WINDOW, **detail})


def slow(ours: Server, reference: Server) -> Figure:
    """The median delay at SLOW_RATE messages/s over ten pairs. Both stay connected and the turns are short,
    so that what else the machine does meets both alike."""
    sides: list[tuple[list[Pair], list[float]]] = [
        (server.pairs(10, LENGTH), []) for server in (ours, reference)
    ]
    for number in range(SLOW_TURNS):
        for pairs, times in sides if number % 2 else sides[::-1]:
            times += load.latency(pairs, SLOW_RATE, SLOW_SECONDS)
    for pairs, _ in sides:
        for pair in pairs:
            pair.close()
    mine, other = (median(times) for _, times in sides)
    return Figure("relay p50 at 500/s", mine, "ms", other, goal=1.3, more=False)


def memory(ours: Server, reference: Server) -> Figure:
    """What resident memory grows by from idle to the end of a run with MOST loaded pairs; comes first, while
    both are fresh."""
    growths = []
    for server in (ours, reference):
        time.sleep(SETTLE_SECONDS)
        idle = machine.rss(server.pid)

        def work(pairs: Sequence[Pair], server: Server = server) -> float:
            load.saturate(pairs, SECONDS, WINDOW)
            return machine.rss(server.pid)

        growths.append(loaded(server, MOST, LENGTH, work) - idle)
    mine, other = growths
    return Figure(f"relay RSS growth, {MOST} pairs", mine, "MB", other, goal=1.0, more=False)
