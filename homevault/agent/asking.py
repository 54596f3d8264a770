"""Asking for the events that waiting ones need (`missing`, SPEC 6.6).

Limit: an account is asked for the same event at most once in `PAUSE` ms.
"""

from __future__ import annotations

from homevault.agent.book import Book
from homevault.protocol.ports import Clock
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import outbox, swarms
from homevault.storage.sqlite.database import Database

PAUSE = 60_000
REMEMBERED = 10_000


class Questions:
    """Used in the store's thread only; questions go into the outbox in the caller's transaction."""

    def __init__(self, account: str, clock: Clock, book: Book) -> None:
        self._account = account
        self._clock = clock
        self._book = book
        self._asked: dict[tuple[str, str], int] = {}

    def ask(self, database: Database, account: str, replica: Replica) -> None:
        """Ask `account` for what the replica lacks, if anything."""
        now = self._clock.now()
        wanted = [id_ for id_ in replica.missing() if now - self._asked.get((account, id_), 0) >= PAUSE]
        if not wanted or replica.swarm is None:
            return
        if len(self._asked) > REMEMBERED:
            self._asked.clear()
        self._asked.update({(account, id_): now for id_ in wanted})
        outbox.ask_missing(database, account, replica.swarm, wanted, now)

    def ask_everybody(self, database: Database) -> None:
        """Ask the own devices and all members for what any swarm lacks; after an absence."""
        for swarm in swarms.waiting(database):
            replica = self._book.find(database, swarm)
            if replica is not None:
                for account in sorted(_members(replica) | {self._account}):
                    self.ask(database, account, replica)


def _members(replica: Replica) -> frozenset[str]:
    try:
        return replica.state.members
    except LookupError:
        return frozenset()
