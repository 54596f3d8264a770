"""Who is typing (SPEC 7.8): told live, outside the history, forgotten by itself. Times are milliseconds."""

RENEW = 5_000
EXPIRE = 12_000


class Typist:
    """One's own side in one conversation: when the others are to be told."""

    def __init__(self) -> None:
        self._told: int | None = None

    def typed(self, now: int) -> bool:
        """A key was pressed: whether to say so now, which is at once and then every five seconds."""
        if self._told is not None and 0 <= now - self._told < RENEW:
            return False
        self._told = now
        return True

    def stopped(self, now: int) -> bool:
        """The text was sent or given up: whether to say so, which is unless it was forgotten already."""
        told, self._told = self._told, None
        return told is not None and 0 <= now - told < EXPIRE


class Typers:
    """The others' side, of one conversation."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, str], int] = {}

    def heard(self, account: str, device: str, typing: bool, now: int) -> None:
        if typing:
            self._heard[account, device] = now
        else:
            self._heard.pop((account, device), None)

    def said(self, account: str, device: str) -> None:
        """Its message came."""
        self._heard.pop((account, device), None)

    def drop(self, account: str) -> None:
        """No member any more."""
        self._heard = {pair: time for pair, time in self._heard.items() if pair[0] != account}

    def accounts(self, now: int) -> list[str]:
        """Who types now, sorted."""
        self._heard = {pair: time for pair, time in self._heard.items() if 0 <= now - time < EXPIRE}
        return sorted({account for account, _ in self._heard})
