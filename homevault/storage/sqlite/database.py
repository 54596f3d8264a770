"""The one connection: opening, migrating, transactions, check and size.

Promise: `transaction()` is all or nothing and holds the write lock from its start; `attempt()` inside it
undoes only its own part. A reader opened with `open_readonly` never changes the file and never waits for the
writer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homevault.storage.sqlite.schema import MIGRATIONS, VERSION

FILE_NAME = "vault.sqlite3"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=16777216",
    "PRAGMA cache_size=-16384",
    # As large as the log may stay: fewer times that all of it is copied while much comes at once.
    "PRAGMA wal_autocheckpoint=4000",
)


class StorageError(Exception):
    """The database cannot be used; `code` is `no_database`, `newer_database` or `database`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Database:
    """A SQLite connection with explicit transactions; use it from one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self._attempts = 0

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: list[tuple[object, ...]]) -> int:
        """How many rows of the database that changed."""
        return self._connection.executemany(sql, rows).rowcount

    def one(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def number(self, sql: str, values: tuple[object, ...] = ()) -> int:
        row = self.one(sql, values)
        return int(row[0] or 0) if row else 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; returns only after the commit is on disk. Must not be nested."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self.execute("ROLLBACK")
            raise

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the running transaction that is undone alone when it raises. May be nested."""
        self._attempts += 1
        name = f"attempt_{self._attempts}"
        self.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self.execute(f"RELEASE {name}")
            self._attempts -= 1

    def problems(self) -> list[str]:
        """What SQLite's own check finds wrong; empty when sound."""
        try:
            found = [str(row[0]) for row in self.execute("PRAGMA quick_check(20)")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [line for line in found if line != "ok"]

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and empty it, so that erased keys are gone from it too."""
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def size(self) -> int:
        """Bytes on disk, write-ahead log included."""
        parts = (self.path.with_name(self.path.name + end) for end in ("", "-wal", "-shm"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def close(self) -> None:
        self._connection.close()


def open_database(folder: Path) -> Database:
    """The writer's connection; makes and migrates the file (mode 0600). Raises StorageError."""
    path = folder / FILE_NAME
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        connection = _connect(f"{path.as_uri()}?mode=rw")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        database = Database(connection, path)
        _migrate(database)
    except sqlite3.DatabaseError as error:
        raise StorageError("database", str(error)) from error
    return database


def open_readonly(folder: Path) -> Database:
    """A reader's connection, usable while the agent writes. Raises StorageError."""
    path = folder / FILE_NAME
    if not path.exists():
        raise StorageError("no_database", str(path))
    try:
        database = Database(_connect(f"{path.as_uri()}?mode=ro"), path)
        found = database.number("PRAGMA user_version")
    except sqlite3.DatabaseError as error:
        raise StorageError("database", str(error)) from error
    if found != VERSION:
        raise StorageError("newer_database" if found > VERSION else "no_database", f"version {found}")
    return database


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _migrate(database: Database) -> None:
    found = database.number("PRAGMA user_version")
    if found > VERSION:
        raise StorageError("newer_database", f"version {found}, this program knows {VERSION}")
    for number in range(found, VERSION):
        with database.transaction():
            for statement in MIGRATIONS[number]:
                database.execute(statement)
            database.execute(f"PRAGMA user_version={number + 1}")
