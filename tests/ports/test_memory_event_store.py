"""The in-memory EventStore against the suite."""

import pytest

from homevault.protocol.swarm.memory import MemoryEventStore
from tests.ports.event_store import EventStoreContract


class TestMemoryEventStore(EventStoreContract):
    @pytest.fixture
    def store(self) -> MemoryEventStore:
        return MemoryEventStore()
