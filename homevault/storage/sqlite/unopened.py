"""Mail that could not be judged yet: its sender's devices are unknown, our clock is behind, or a fault of
ours.

Promise: it is here before it is acked, and goes in the transaction of its effect. Limit: `MOST` mails; beyond
them mail stays in the site's mailbox.
"""

from __future__ import annotations

from homevault.storage.sqlite.database import Database

MOST = 10_000


def keep(database: Database, hash_: str, address: str, raw: bytes, now: int) -> bool:
    """Keep the mail, or find it kept; False when there are too many. `address` is its sender's text form."""
    if database.number("SELECT count(*) FROM unopened") >= MOST:
        return database.one("SELECT 1 FROM unopened WHERE hash = ?", (hash_,)) is not None
    database.execute(
        "INSERT OR IGNORE INTO unopened (hash, address, raw, since) VALUES (?, ?, ?, ?)",
        (hash_, address, raw, now),
    )
    return True


def addresses(database: Database) -> list[str]:
    """Whose mail is here, the longest waiting first."""
    rows = database.all("SELECT address FROM unopened GROUP BY address ORDER BY min(id)")
    return [str(row["address"]) for row in rows]


def page(database: Database, address: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """(row, bytes) of an address's mail beyond the row `after`, in the order it came."""
    rows = database.all(
        "SELECT id, raw FROM unopened WHERE address = ? AND id > ? ORDER BY id LIMIT ?",
        (address, after, limit),
    )
    return [(row["id"], bytes(row["raw"])) for row in rows]


def drop(database: Database, hash_: str) -> None:
    database.execute("DELETE FROM unopened WHERE hash = ?", (hash_,))


def count(database: Database) -> int:
    return database.number("SELECT count(*) FROM unopened")
