"""What this vault still has to say: acks, questions for missing events and the answers to such questions.

Promise: a row is written in the transaction of what caused it and goes only when the own site accepted its
envelope (`accepted`, SPEC 6.2) or it became pointless. First it is a task (`raw` null: the receiver's keys
are not yet known), then the sealed bytes, which are sent again unchanged until accepted: receivers see one
envelope.
Limits: one unsealed ack or question per account and swarm (they gather); `ANSWERS_MOST` waiting answers for
an account.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from homevault.storage.sqlite.database import Database

ANSWERS_MOST = 64
MISSING_MOST = 100


@dataclass(frozen=True, slots=True)
class Task:
    """`kind` is `ack`, `missing` (of the ids `events`) or `events` (the ready `letter`); `device` None is all
    devices of the account."""

    row: int
    account: str
    device: str | None
    kind: str
    swarm: str
    events: tuple[str, ...]
    letter: bytes | None
    attempts: int


def owe_ack(database: Database, account: str, swarm: str, now: int) -> None:
    """An ack of our heads in `swarm` is due to `account`; further ones join it until it is sealed."""
    database.execute(
        "INSERT OR IGNORE INTO outbox (account, kind, swarm, events, since, due)"
        " VALUES (?, 'ack', ?, '[]', ?, ?)",
        (account, swarm, now, now),
    )


def ask_missing(database: Database, account: str, swarm: str, events: list[str], now: int) -> None:
    """Ask `account` for events; joins a question that is not yet sealed, `MISSING_MOST` ids at most."""
    row = database.one(
        "SELECT id, events FROM outbox WHERE account = ? AND swarm = ? AND kind = 'missing' AND raw IS NULL",
        (account, swarm),
    )
    wanted = sorted({*events, *(json.loads(row["events"]) if row else ())})[:MISSING_MOST]
    if row:
        database.execute("UPDATE outbox SET events = ? WHERE id = ?", (json.dumps(wanted), row["id"]))
        return
    database.execute(
        "INSERT INTO outbox (account, kind, swarm, events, since, due) VALUES (?, 'missing', ?, ?, ?, ?)",
        (account, swarm, json.dumps(wanted), now, now),
    )


def answer(database: Database, account: str, device: str, swarm: str, letter: bytes, now: int) -> bool:
    """Queue a letter for the device that asked; False when too many answers wait for its account already."""
    waiting = database.number("SELECT count(*) FROM outbox WHERE account = ? AND kind = 'events'", (account,))
    if waiting >= ANSWERS_MOST:
        return False
    database.execute(
        "INSERT INTO outbox (account, device, kind, swarm, events, letter, since, due)"
        " VALUES (?, ?, 'events', ?, '[]', ?, ?, ?)",
        (account, device, swarm, letter, now, now),
    )
    return True


def due_tasks(database: Database, now: int, limit: int = 64) -> list[Task]:
    rows = database.all(
        "SELECT id, account, device, kind, swarm, events, letter, attempts FROM outbox"
        " WHERE raw IS NULL AND due <= ? ORDER BY id LIMIT ?",
        (now, limit),
    )
    return [
        Task(id_, account, device, kind, swarm, tuple(json.loads(events)), letter, attempts)
        for id_, account, device, kind, swarm, events, letter, attempts in rows
    ]


def next_due(database: Database) -> int | None:
    """When the earliest unsealed task is due (ms), or None."""
    row = database.one("SELECT min(due) AS due FROM outbox WHERE raw IS NULL")
    return int(row["due"]) if row and row["due"] is not None else None


def postpone(database: Database, row: int, until: int) -> None:
    database.execute("UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ?", (until, row))


def hasten(database: Database, account: str, now: int) -> None:
    """The account can be reached again: what was put off for it is due now."""
    database.execute("UPDATE outbox SET due = ? WHERE account = ? AND raw IS NULL", (now, account))


def seal_task(database: Database, row: int, envelope: str, raw: bytes) -> None:
    """The task became an envelope with this id and these bytes."""
    database.execute(
        "UPDATE outbox SET envelope = ?, raw = ?, letter = NULL WHERE id = ?", (envelope, raw, row)
    )


def sealed(database: Database) -> list[str]:
    """The ids of envelopes not yet accepted, oldest first."""
    rows = database.all("SELECT envelope FROM outbox WHERE raw IS NOT NULL ORDER BY id")
    return [str(row["envelope"]) for row in rows]


def raw_of(database: Database, envelope: str) -> bytes | None:
    """The bytes of an envelope that is still to be accepted."""
    row = database.one("SELECT raw FROM outbox WHERE envelope = ?", (envelope,))
    return bytes(row["raw"]) if row else None


def settle(database: Database, envelope: str) -> bool:
    """The envelope was accepted or finally refused; False when it is not ours."""
    return database.execute("DELETE FROM outbox WHERE envelope = ?", (envelope,)).rowcount > 0


def drop(database: Database, row: int) -> None:
    database.execute("DELETE FROM outbox WHERE id = ?", (row,))


def drop_older(database: Database, before: int) -> int:
    """Give up on rows older than `before` (ms); how many."""
    return database.execute("DELETE FROM outbox WHERE since < ?", (before,)).rowcount


def count(database: Database) -> int:
    return database.number("SELECT count(*) FROM outbox")
