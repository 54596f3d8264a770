"""Who of the contacts is here (SPEC 7.8): told live, outside the history, forgotten by itself. Times are
milliseconds."""

RENEW = 120_000
EXPIRE = 300_000
ANSWER = 2_000
LIFE = 300
"""Seconds: how long an envelope that tells it lasts."""


class Callers:
    """One's own side: which device is answered when it asks."""

    def __init__(self) -> None:
        self._answered: dict[str, int] = {}

    def asks(self, device: str, now: int) -> bool:
        """Whether to answer now, which is at most once in two seconds."""
        self._answered = {each: time for each, time in self._answered.items() if 0 <= now - time < ANSWER}
        if device in self._answered:
            return False
        self._answered[device] = now
        return True


class Company:
    """The others' side. Each device is remembered by what it said last, by its own clock, for as long as that
    counts."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[int, bool, int]] = {}

    def heard(self, account: str, device: str, here: bool, said: int, now: int) -> None:
        """A device of a contact said at `said`, by its clock, whether its owner is here."""
        before = self._said.get((account, device))
        if before is None or (said, not here) > (before[0], not before[1]):
            self._said[account, device] = (said, here, now)

    def accounts(self, now: int) -> list[str]:
        """Who is here now, sorted."""
        self._said = {pair: last for pair, last in self._said.items() if 0 <= now - last[2] < EXPIRE}
        return sorted({account for (account, _), (_, here, _) in self._said.items() if here})
