"""The suite that every Clock must pass. Subclass it and give the fixture `clock`."""

from homevault.protocol.ports import Clock

SINCE, UNTIL = 1_700_000_000_000, 4_102_444_800_000


class ClockContract:
    def test_it_tells_whole_milliseconds_since_1970(self, clock: Clock) -> None:
        now = clock.now()
        assert type(now) is int
        assert SINCE < now < UNTIL

    def test_it_does_not_run_backwards(self, clock: Clock) -> None:
        told = [clock.now() for _ in range(1_000)]
        assert told == sorted(told)
