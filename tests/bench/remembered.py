"""`python -m tests.bench.remembered memory|sqlite COUNT`: how many MB a process grows by taking that many
events into a replica, page by page."""

from __future__ import annotations

import os
import sys
import tempfile
from itertools import islice
from pathlib import Path

from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import open_database
from homevault.storage.sqlite.events import SqliteEvents
from tests.bench import machine, talk

PAGE = 1_000


def taken(kind: str, count: int, folder: Path) -> Replica:
    """A replica of that many events, given to its buffer as accepted ones are."""
    database = open_database(folder)
    number = swarms.add(database, "talk", 0).number
    replica = Replica(MemoryEventStore() if kind == "memory" else SqliteEvents(database, number))
    events = talk.long_history(count)
    while page := list(islice(events, PAGE)):
        with database.transaction():
            replica.store.put_all(page)
    return replica


def main() -> None:
    kind, count = sys.argv[1], int(sys.argv[2])
    before = machine.rss(os.getpid())
    with tempfile.TemporaryDirectory(dir=machine.fresh_folder("remembered")) as folder:
        replica = taken(kind, count, Path(folder))
        assert replica.store.count() == count
        print(machine.rss(os.getpid()) - before)


if __name__ == "__main__":
    main()
