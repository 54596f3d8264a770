"""The system's clock and randomness, and the tests' own, against the suites."""

import pytest

from homevault.protocol.ports import Clock, Random, SystemClock, SystemRandom
from tests.ports.clock import ClockContract
from tests.ports.random_source import RandomContract
from tests.protocol.people import SeededRandom
from tests.protocol.test_pairing import FakeClock


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestFakeClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return FakeClock()


class TestSystemRandom(RandomContract):
    @pytest.fixture
    def random(self) -> Random:
        return SystemRandom()


class TestSeededRandom(RandomContract):
    @pytest.fixture
    def random(self) -> Random:
        return SeededRandom("suite")


def test_the_same_label_gives_the_same() -> None:
    assert SeededRandom("a").bytes(64) == SeededRandom("a").bytes(64)
    assert SeededRandom("a").bytes(64) != SeededRandom("b").bytes(64)
