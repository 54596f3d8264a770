"""Private halves of this vault's prekeys (SPEC 4.3, 5.2).

Promise: a private half is here before its public half is published, and a used one-time key is erased in the
transaction that stores what came with it.
Limit: at most `ONE_TIME_MOST` unused one-time keys; beyond it the oldest are erased.
"""

from __future__ import annotations

from dataclasses import dataclass

from homevault.storage.sqlite.database import Database

ONE_TIME_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Half:
    """An X25519 key pair: `public` as on the wire, `secret` 32 bytes."""

    public: str
    secret: bytes


def add_signed(database: Database, half: Half, now: int) -> None:
    """Make `half` the current signed prekey; the former one is replaced as of `now`."""
    database.execute("UPDATE prekeys SET replaced = ? WHERE one_time = 0 AND replaced IS NULL", (now,))
    _insert(database, [half], one_time=False, now=now)


def current_signed(database: Database) -> tuple[Half, int] | None:
    """The current signed prekey and when it was made (ms)."""
    row = database.one("SELECT public, secret, made FROM prekeys WHERE one_time = 0 AND replaced IS NULL")
    return (Half(row["public"], row["secret"]), int(row["made"])) if row else None


def add_one_time(database: Database, halves: list[Half], now: int) -> None:
    _insert(database, halves, one_time=True, now=now)
    database.execute(
        "DELETE FROM prekeys WHERE one_time = 1 AND public NOT IN"
        " (SELECT public FROM prekeys WHERE one_time = 1 ORDER BY made DESC, public LIMIT ?)",
        (ONE_TIME_MOST,),
    )


def count_one_time(database: Database) -> int:
    """How many one-time keys are unused as far as this vault knows."""
    return database.number("SELECT count(*) FROM prekeys WHERE one_time = 1")


def find(database: Database, public: str, *, one_time: bool) -> bytes | None:
    """The private half of a prekey of the given sort, or None."""
    row = database.one("SELECT secret FROM prekeys WHERE public = ? AND one_time = ?", (public, one_time))
    return bytes(row["secret"]) if row else None


def erase_one_time(database: Database, public: str) -> None:
    database.execute("DELETE FROM prekeys WHERE public = ? AND one_time = 1", (public,))


def erase_signed(database: Database, until: int) -> int:
    """Erase signed prekeys that were replaced at `until` (ms) or before; how many."""
    gone = database.execute("DELETE FROM prekeys WHERE one_time = 0 AND replaced <= ?", (until,))
    return gone.rowcount


def _insert(database: Database, halves: list[Half], *, one_time: bool, now: int) -> None:
    rows: list[tuple[object, ...]] = [(half.public, half.secret, one_time, now) for half in halves]
    database.executemany("INSERT INTO prekeys (public, secret, one_time, made) VALUES (?, ?, ?, ?)", rows)
