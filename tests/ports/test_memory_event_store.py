"""The in-memory EventStore against the suite, alone and behind the buffer of a replica."""

import pytest

from homevault.protocol.swarm.buffer import BufferedEventStore
from homevault.protocol.swarm.memory import MemoryEventStore
from tests.ports.event_store import EventStoreContract


class TestMemoryEventStore(EventStoreContract):
    @pytest.fixture
    def store(self) -> MemoryEventStore:
        return MemoryEventStore()


class TestBufferedEventStore(EventStoreContract):
    @pytest.fixture
    def store(self) -> BufferedEventStore:
        return BufferedEventStore(MemoryEventStore())
