"""What the owner published: of each post the version that counts, and the parts of versions that are on their
way.

Promise: a post that was deleted keeps a row without words, so that an older version cannot bring it back.
Limit: `MOST_PARTS` parts of unfinished versions, the oldest of which go first.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from homevault.storage.sqlite.database import Database

MOST_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class KeptPost:
    """`post` and `certificate` are the canonical bytes of the wire (SPEC 8.5)."""

    id: str
    deleted: bool
    published: int
    post: bytes
    certificate: bytes


def get(database: Database, id: str) -> KeptPost | None:
    row = database.one("SELECT id, deleted, published, post, certificate FROM posts WHERE id = ?", (id,))
    return _read(row) if row else None


def everyone(database: Database) -> list[KeptPost]:
    """All that are not deleted, the newest first."""
    rows = database.all(
        "SELECT id, deleted, published, post, certificate FROM posts WHERE NOT deleted"
        " ORDER BY published DESC, id"
    )
    return [_read(row) for row in rows]


def count(database: Database) -> int:
    """How many are kept that are not deleted."""
    return database.number("SELECT count(*) FROM posts WHERE NOT deleted")


def save(database: Database, kept: KeptPost) -> None:
    """Keep this version in place of any other, inside the caller's transaction."""
    database.execute(
        "INSERT OR REPLACE INTO posts (id, deleted, published, post, certificate) VALUES (?, ?, ?, ?, ?)",
        (kept.id, int(kept.deleted), kept.published, kept.post, kept.certificate),
    )


def add_part(
    database: Database, version: str, part: int, parts: int, data: str, now: int
) -> list[str] | None:
    """Keep a part of a version; the data of all, in order, once the last of them is here."""
    database.execute(
        "INSERT OR IGNORE INTO post_parts (version, part, parts, data, since) VALUES (?, ?, ?, ?, ?)",
        (version, part, parts, data, now),
    )
    rows = database.all(
        "SELECT data FROM post_parts WHERE version = ? AND parts = ? ORDER BY part", (version, parts)
    )
    if len(rows) == parts:
        return [str(row["data"]) for row in rows]
    database.execute(
        "DELETE FROM post_parts WHERE (version, part) IN"
        " (SELECT version, part FROM post_parts ORDER BY since DESC LIMIT -1 OFFSET ?)",
        (MOST_PARTS,),
    )
    return None


def drop_parts(database: Database, version: str) -> None:
    database.execute("DELETE FROM post_parts WHERE version = ?", (version,))


def drop_older(database: Database, before: int) -> None:
    """Give up versions whose other parts did not come."""
    database.execute("DELETE FROM post_parts WHERE since < ?", (before,))


def _read(row: sqlite3.Row) -> KeptPost:
    id, deleted, published, post, certificate = row
    return KeptPost(id, bool(deleted), published, bytes(post), bytes(certificate))
