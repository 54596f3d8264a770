"""The swarms this vault keeps, as replicas on the database.

Promise: a replica that may differ from the store is never used again. Limit: `KEPT` replicas in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from homevault.protocol.swarm.announce import may_fetch
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.events import SqliteEvents

KEPT = 256


class Book:
    """Used in the store's thread only."""

    def __init__(self) -> None:
        self._replicas: OrderedDict[str, Replica] = OrderedDict()

    def find(self, database: Database, swarm: str) -> Replica | None:
        """The replica of a kept swarm, or None."""
        known = self._replicas.get(swarm)
        if known is not None:
            self._replicas.move_to_end(swarm)
            return known
        row = swarms.get(database, swarm)
        return self._open(database, row) if row else None

    def take_in(self, database: Database, swarm: str, now: int) -> Replica:
        """Begin to keep a swarm, inside the caller's transaction."""
        return self.find(database, swarm) or self._open(database, swarms.add(database, swarm, now))

    @contextmanager
    def attempt(self, database: Database, swarm: str) -> Iterator[None]:
        """A database attempt that also forgets the swarm's replica when it is undone."""
        try:
            with database.attempt():
                yield
        except BaseException:
            self._replicas.pop(swarm, None)
            raise

    def forget_all(self) -> None:
        """After a transaction that was rolled back."""
        self._replicas.clear()

    def _open(self, database: Database, row: swarms.Swarm) -> Replica:
        replica = Replica(SqliteEvents(database, row.number), row.swarm)
        self._replicas[row.swarm] = replica
        if len(self._replicas) > KEPT:
            self._replicas.popitem(last=False)
        return replica


def admitted(replica: Replica, own: str, account: str) -> bool:
    """Whether this account may send events of the swarm or ask for them."""
    try:
        return may_fetch(replica.state, own, account)
    except LookupError:
        return account == own
