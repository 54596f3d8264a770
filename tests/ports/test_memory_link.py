"""The in-memory link against the suite."""

import pytest

from homevault.transport.sync.memory import pair
from tests.ports.link import A, B, FrameLinkContract, Links


class TestMemoryLink(FrameLinkContract):
    @pytest.fixture
    def links(self) -> Links:
        return pair(A, B)
