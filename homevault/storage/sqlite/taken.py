"""Which envelopes this vault has taken (SPEC 6.2): by (`from_device`, `id`), with their hash.

Promise: an envelope's effect happens at most once. A row is forgotten when the envelope's own time is over,
since from then on the envelope is refused as `expired`.
"""

from __future__ import annotations

from homevault.storage.sqlite.database import Database


def record(database: Database, from_device: str, envelope_id: str, envelope_hash: str, until: int) -> bool:
    """Take the envelope inside the caller's transaction; False when it was taken before. `until` in ms."""
    done = database.execute(
        "INSERT OR IGNORE INTO taken (from_device, id, hash, until) VALUES (?, ?, ?, ?)",
        (from_device, envelope_id, envelope_hash, until),
    )
    return done.rowcount == 1


def known_hash(database: Database, from_device: str, envelope_id: str) -> str | None:
    """The hash of the envelope taken under this id, or None."""
    row = database.one("SELECT hash FROM taken WHERE from_device = ? AND id = ?", (from_device, envelope_id))
    return str(row["hash"]) if row else None


def forget(database: Database, now: int) -> int:
    """Drop rows whose envelopes have expired; how many."""
    return database.execute("DELETE FROM taken WHERE until < ?", (now,)).rowcount
