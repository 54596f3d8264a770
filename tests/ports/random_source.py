"""The suite that every Random must pass. Subclass it and give the fixture `random`: a new one."""

import pytest

from homevault.protocol.ports import Random


class RandomContract:
    @pytest.mark.parametrize("count", [0, 1, 16, 24, 32, 33, 1_000])
    def test_it_gives_as_many_bytes_as_asked_for(self, random: Random, count: int) -> None:
        given = random.bytes(count)
        assert type(given) is bytes
        assert len(given) == count

    def test_it_gives_nothing_twice(self, random: Random) -> None:
        given = [random.bytes(16) for _ in range(1_000)]
        assert len(set(given)) == len(given)

    def test_it_leaves_no_bit_out(self, random: Random) -> None:
        zeros = ones = 0xFF
        for byte in random.bytes(1_000):
            zeros, ones = zeros & byte, ones & ~byte
        assert zeros == ones == 0
