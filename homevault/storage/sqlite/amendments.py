"""Which events change what a text says: edits and deletions, by what they name."""

from __future__ import annotations

import json

from homevault.storage.sqlite.database import Database


def add(database: Database, event: str, swarm: str, author: str, target: str) -> None:
    """Remember one, inside the caller's transaction; a second time changes nothing."""
    database.execute(
        "INSERT OR IGNORE INTO amendments (event, swarm, author, target) VALUES (?, ?, ?, ?)",
        (event, swarm, author, target),
    )


def of(database: Database, target: str) -> list[str]:
    """The events that name this one."""
    rows = database.all("SELECT event FROM amendments WHERE target = ?", (target,))
    return [str(row["event"]) for row in rows]


def named_by(database: Database, swarm: str, authors: list[str]) -> list[str]:
    """What these accounts changed or took away in a swarm."""
    rows = database.all(
        """SELECT DISTINCT target FROM amendments
        WHERE swarm = ? AND author IN (SELECT value FROM json_each(?))""",
        (swarm, json.dumps(authors)),
    )
    return [str(row["target"]) for row in rows]
