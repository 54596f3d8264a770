"""When a sync that failed is tried again (SPEC 10.7). Pure; times are milliseconds."""

from dataclasses import dataclass, replace

from homevault.protocol.sync.effects import Ended

FIRST_PAUSE = 5_000
LONGEST_PAUSE = 43_200_000
MAX_INVALID = 3


@dataclass(frozen=True, slots=True)
class Attempts:
    """Of one swarm with one device: failures in a row, how often what it sent was bad, when to try again."""

    failures: int = 0
    invalid: int = 0
    due: int = 0

    @property
    def unrecoverable(self) -> bool:
        """It sent bad history time and again: not tried any more."""
        return self.invalid >= MAX_INVALID


def pause(failures: int) -> int:
    """5 seconds after the first failure in a row, doubling, at most 12 hours."""
    return min(LONGEST_PAUSE, FIRST_PAUSE << min(max(failures - 1, 0), 32))


def after(attempts: Attempts, ended: Ended, now: int) -> Attempts:
    """What is known once a session ended."""
    if ended.end in ("equal", "apart"):
        return Attempts(due=now)
    failures = attempts.failures + 1
    later = replace(attempts, failures=failures, due=now + pause(failures))
    return replace(later, invalid=attempts.invalid + 1) if ended.end == "refused" else later
