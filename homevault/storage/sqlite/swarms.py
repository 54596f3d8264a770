"""The conversations this vault keeps."""

from __future__ import annotations

from dataclasses import dataclass

from homevault.storage.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Swarm:
    """`number` is the row that events refer to; `since` when this vault took it (ms)."""

    number: int
    swarm: str
    mode: int
    since: int


def add(database: Database, swarm: str, mode: int, now: int) -> Swarm:
    """Begin to keep a swarm, inside the caller's transaction; one already kept is left as it is."""
    database.execute("INSERT OR IGNORE INTO swarms (swarm, mode, since) VALUES (?, ?, ?)", (swarm, mode, now))
    found = get(database, swarm)
    assert found is not None
    return found


def get(database: Database, swarm: str) -> Swarm | None:
    row = database.one("SELECT number, swarm, mode, since FROM swarms WHERE swarm = ?", (swarm,))
    return Swarm(*row) if row else None


def everyone(database: Database) -> list[Swarm]:
    """All kept swarms, oldest first."""
    return [
        Swarm(*row) for row in database.all("SELECT number, swarm, mode, since FROM swarms ORDER BY number")
    ]
