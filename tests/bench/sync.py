"""How fast a replica gets 10,000 events that it lacks from another one in the same process, both ends' work
counted, beside libsodium's verification alone."""

from __future__ import annotations

from collections.abc import Iterator

import nacl.bindings as sodium

from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.bench import machine, talk
from tests.bench.figures import Figure
from tests.bench.pipeline import rate, verification
from tests.protocol.syncing import Seat, ends, run

EVENTS, ROUNDS = 10_000, 5
HERE, THERE = "A" * 43, "B" * 43


def measure() -> Iterator[Figure]:
    events = talk.spoken(EVENTS)
    full = Replica(MemoryEventStore())
    full.add_all(events)
    checks = [verification(signed) for signed in events]

    def ours() -> float:
        giver, taker = Seat(HERE, full), Seat(THERE, Replica(MemoryEventStore(), full.swarm))
        return rate(EVENTS, lambda: _sync(giver, taker))

    def reference() -> float:
        return rate(EVENTS, lambda: [sodium.crypto_sign_open(*each) for each in checks])

    mine, bare, detail = machine.turns(ours, reference, ROUNDS)
    yield Figure("events synced, Python, memory", mine, "/s", bare, 0.4, detail=detail)


def _sync(giver: Seat, taker: Seat) -> None:
    run(*ends(giver, taker))
    assert taker.store.count() == EVENTS
