"""The vault's EventSource against the suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import open_database
from homevault.storage.sqlite.events import SqliteEvents
from tests.ports.event_source import EventSourceContract


class TestSqliteEventSource(EventSourceContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteEvents]:
        database = open_database(tmp_path)
        with database.transaction():
            swarms.add(database, "other", 0)
            swarm = swarms.add(database, "mine", 0)
            yield SqliteEvents(database, swarm.number)
        database.close()
