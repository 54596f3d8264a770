"""However events come, one by one or many at once, and however often the replica is opened anew from SQLite
meanwhile, the outcomes and the view are those that the committed histories tell."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from homevault.protocol.canonical import canonical, hash_bytes
from homevault.protocol.ports import EventStore
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import open_database
from homevault.storage.sqlite.events import SqliteEvents
from tests.protocol import group_history
from tests.vectors.ops import group_view, told

HISTORIES = [json.loads(line) for line in group_history.FILE.read_text("utf-8").splitlines()]
MOST = 40


@contextmanager
def sqlite_store(folder: Path, swarm: str) -> Iterator[SqliteEvents]:
    database = open_database(folder)
    with database.transaction():
        yield SqliteEvents(database, swarms.add(database, swarm, 0).number)
    database.close()


@contextmanager
def memory_store() -> Iterator[MemoryEventStore]:
    yield MemoryEventStore()


def unordered(outcome: dict[str, Any]) -> dict[str, Any]:
    """In which order waiting events follow the one they waited for is nobody's business."""
    return {name: sorted(told) if isinstance(told, list) else told for name, told in outcome.items()}


def replay(store: EventStore, history: dict[str, Any], chance: random.Random) -> None:
    """Deliver the history in batches of any size, each in any of the forms an event may be given in; open the
    replica anew before some of them."""
    deliveries, at = history["deliveries"], 0
    replica = Replica(store, history["swarm"])
    while at < len(deliveries):
        batch = deliveries[at : at + chance.choice([1, 1, 3, MOST])]
        at += len(batch)
        if chance.random() < 0.3:
            replica = Replica(store, history["swarm"])
        signed = [history["events"][place] for place, _, _ in batch]
        given = [canonical(each) if chance.random() < 0.5 else each for each in signed]
        outcomes = [unordered(told(outcome)) for outcome in replica.add_all(given)]
        assert outcomes == [unordered(outcome) for _, outcome, _ in batch]
        assert hash_bytes("view", canonical(group_view(replica))) == batch[-1][2]
    assert group_view(Replica(store)) == history["expected"]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: f"seed {history['seed']}")
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_in_batches_and_reopened(tmp_path: Path, history: dict[str, Any], kind: str) -> None:
    made = memory_store() if kind == "memory" else sqlite_store(tmp_path, history["swarm"])
    with made as store:
        replay(store, history, random.Random(f"{kind}/{history['seed']}"))
