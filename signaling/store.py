"""The mailbox tables in plain SQL, the same for SQLite and PostgreSQL, many puts or acks a call.

Everything here runs inside a transaction of the caller. A put or an ack that is refused gets its
ProtocolError as result and leaves nothing; the others of the call are not touched by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from homevault.protocol.errors import ProtocolError
from signaling import sql
from signaling.contacts import Contacts
from signaling.limits import limits

DAY = 86_400_000
POSTGRES_LOCK = 7_420_911
"""Any number nobody else locks: one writer at a time, so that ids grow in the order of commits."""


@dataclass(slots=True)
class Put:
    """Mail for `devices` of the member `username`, from the address `sender` (as text)."""

    key: str
    hash: str
    username: str
    sender: str
    devices: Sequence[str]
    raw: bytes
    time: int
    request: bool = False
    own: bool = False
    """From one's own account: nobody is a stranger to oneself."""


@dataclass(slots=True)
class Ack:
    device: str
    hashes: Sequence[str]


@dataclass(slots=True)
class Wrote:
    """The member `username` writes to the address `other`, who may answer from now on."""

    username: str
    other: str


@dataclass(slots=True)
class Drop:
    """A device that is listed no longer: nobody will ack its rows."""

    device: str


@dataclass(slots=True)
class Expire:
    """What lay for too long at `now`, one chunk."""

    now: int


@dataclass(slots=True)
class Stored:
    """`fresh` is false for mail that was here already."""

    fresh: bool


Result = Stored | ProtocolError | None


@dataclass(slots=True)
class _Batch:
    """Puts that passed, and how much each member's mailbox grows."""

    puts: list[Put] = field(default_factory=list)
    grown: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def lock() -> None:
    """First in each writing transaction; SQLite's own IMMEDIATE transactions need nothing more."""
    if connection.vendor == "postgresql":
        sql.rows("SELECT pg_advisory_xact_lock(%s)", POSTGRES_LOCK)


def put_all(puts: Sequence[Put], wrote: Sequence[Wrote], contacts: Contacts) -> list[Result]:
    """Store them in this order; a Stored or the refusal of each. `wrote` counts before all of them."""
    batch = _Batch(keys=_hashes_of([put.key for put in puts]))
    contacts.load([f"{put.username} {put.sender}" for put in puts if not put.own])
    for one in wrote:
        contacts.wrote(one.username, one.other)
    usage = _usage_of({put.username for put in puts})
    results: list[Result] = [_judge(put, batch, contacts, usage) for put in puts]
    if batch.puts:
        _insert(batch)
    contacts.save()
    return results


def _judge(put: Put, batch: _Batch, contacts: Contacts, usage: dict[str, int]) -> Result:
    known = batch.keys.get(put.key)
    if known is not None:
        return Stored(fresh=False) if known == put.hash else ProtocolError("replay", "id")
    grown = batch.grown.get(put.username, 0) + len(put.raw)
    if usage.get(put.username, 0) + grown > limits().mailbox_bytes:
        return ProtocolError("mailbox_full", put.username)
    if not put.own and (refusal := contacts.refusal(put.username, put.sender, put.request, put.time)):
        return ProtocolError(refusal, put.sender)
    batch.grown[put.username] = grown
    batch.keys[put.key] = put.hash
    batch.puts.append(put)
    return Stored(fresh=True)


def _insert(batch: _Batch) -> None:
    ((last,),) = sql.rows("SELECT COALESCE(MAX(id), 0) FROM signaling_body")
    bodies, rows = [], []
    for id, put in enumerate(batch.puts, last + 1):
        bodies.append((id, put.key, put.hash, put.username, put.raw, len(put.raw), put.time))
        rows += [(device, id) for device in put.devices]
    sql.insert(
        "INSERT INTO signaling_body (id, key, hash, username, raw, size, time)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        bodies,
    )
    sql.insert("INSERT INTO signaling_row (device, body_id) VALUES (%s, %s)", rows)
    _grow(batch.grown)


def _grow(grown: dict[str, int]) -> None:
    sql.insert(
        "INSERT INTO signaling_usage (username, bytes) VALUES (%s, %s)"
        " ON CONFLICT (username) DO UPDATE SET bytes = signaling_usage.bytes + excluded.bytes",
        sorted(grown.items()),
    )


def _hashes_of(keys: Sequence[str]) -> dict[str, str]:
    """The hash of each of these bodies that is here."""
    return dict(sql.select("SELECT key, hash FROM signaling_body WHERE key IN", keys))


def _usage_of(usernames: Iterable[str]) -> dict[str, int]:
    return dict(
        sql.select("SELECT username, bytes FROM signaling_usage WHERE username IN", sorted(usernames))
    )


def ack_all(acks: Sequence[Ack]) -> None:
    """The device has these: drop its rows, and bodies that have no row left. Unknown hashes do nothing."""
    query = (
        "SELECT r.id, b.id FROM signaling_body b JOIN signaling_row r ON r.body_id = b.id"
        " WHERE r.device = %s AND b.hash IN"
    )
    _drop_rows([row for ack in acks for row in sql.select(query, ack.hashes, ack.device)])


def _drop_rows(rows: sql.Rows) -> None:
    """`rows` are (row id, body id)."""
    sql.delete("DELETE FROM signaling_row WHERE id IN", [row for row, _ in rows])
    _drop_empty(sorted({body for _, body in rows}))


def _drop_empty(bodies: Sequence[int]) -> None:
    held = {body for (body,) in sql.select("SELECT body_id FROM signaling_row WHERE body_id IN", bodies)}
    empty = [body for body in bodies if body not in held]
    grown: dict[str, int] = {}
    for username, size in sql.select("SELECT username, size FROM signaling_body WHERE id IN", empty):
        grown[username] = grown.get(username, 0) - size
    sql.delete("DELETE FROM signaling_body WHERE id IN", empty)
    _grow(grown)


def expire(now: int) -> int:
    """Drop one chunk of mail that lay for too long; how many bodies went."""
    past = now - limits().mailbox_days * DAY
    oldest = sql.rows("SELECT id, time FROM signaling_body ORDER BY id LIMIT %s", sql.CHUNK)
    old = [body for body, time in oldest if time < past]
    rows = sql.select("SELECT id FROM signaling_row WHERE body_id IN", old)
    sql.delete("DELETE FROM signaling_row WHERE id IN", [row for (row,) in rows])
    _drop_empty(old)
    return len(old)


def drop_device(device: str) -> None:
    """Drop all its rows, as if it had acked them."""
    _drop_rows(sql.rows("SELECT id, body_id FROM signaling_row WHERE device = %s", device))


def waiting(device: str, skip: Sequence[str], count: int) -> list[tuple[str, bytes]]:
    """(hash, envelope) of the device's oldest mail but those hashes, at most `count`."""
    oldest = sql.rows(
        "SELECT b.id, b.hash FROM signaling_row r JOIN signaling_body b ON b.id = r.body_id"
        " WHERE r.device = %s ORDER BY r.body_id LIMIT %s",
        device,
        count + len(skip),
    )
    wanted = [id for id, hash in oldest if hash not in skip][:count]
    found = sql.select("SELECT id, hash, raw FROM signaling_body WHERE id IN", wanted)
    return [(hash, bytes(raw)) for _, hash, raw in sorted(found)]


def usage(username: str) -> int:
    """Bytes that a member's mailbox holds."""
    return _usage_of([username]).get(username, 0)
