"""The conversations this vault keeps."""

from __future__ import annotations

from dataclasses import dataclass

from homevault.storage.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Swarm:
    """`number` is the row that events refer to; `since` when this vault took it (ms)."""

    number: int
    swarm: str
    since: int


def add(database: Database, swarm: str, now: int) -> Swarm:
    """Begin to keep a swarm, inside the caller's transaction; one already kept is left as it is."""
    database.execute("INSERT OR IGNORE INTO swarms (swarm, since) VALUES (?, ?)", (swarm, now))
    found = get(database, swarm)
    assert found is not None
    return found


def get(database: Database, swarm: str) -> Swarm | None:
    row = database.one("SELECT number, swarm, since FROM swarms WHERE swarm = ?", (swarm,))
    return Swarm(*row) if row else None


def everyone(database: Database) -> list[Swarm]:
    """All kept swarms, oldest first."""
    rows = database.all("SELECT number, swarm, since FROM swarms ORDER BY number")
    return [Swarm(*row) for row in rows]


def waiting(database: Database) -> list[str]:
    """The swarms that have events whose parents are not here."""
    rows = database.all("SELECT swarm FROM swarms WHERE number IN (SELECT swarm FROM parked) ORDER BY number")
    return [str(row["swarm"]) for row in rows]
