"""The events of one swarm: the EventStore port of the core on SQLite (SPEC 7.1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from homevault.protocol.ports import ParkedEvent, StoredEvent
from homevault.protocol.scanner import LARGEST
from homevault.protocol.sync.source import Place, Tip
from homevault.storage.sqlite.database import Database

_COLUMNS = "id, parents, depth, author, device, seq, prev, type, time, frontier, signed, tips"
_INSERT = (
    f"INSERT INTO events (swarm, {_COLUMNS}) VALUES ({', '.join('?' * 13)})"  # noqa: S608
    " ON CONFLICT (id) DO NOTHING"
)
_SELECT = f"SELECT {_COLUMNS} FROM events WHERE swarm = ? AND"  # noqa: S608
_PAGE = 500


class SqliteEvents:
    """The port for the swarm with the row `number`; the caller holds the transaction.

    `put` costs the same however long the history is.
    """

    def __init__(self, database: Database, number: int) -> None:
        self._database = database
        self._number = number

    def get(self, event_id: str) -> StoredEvent | None:
        return self._one("id = ?", (event_id,))

    def put(self, event: StoredEvent) -> None:
        self.put_all((event,))

    def put_all(self, events: Sequence[StoredEvent]) -> None:
        before = self._database.number("SELECT max(rowid) FROM events")
        added = self._database.executemany(_INSERT, [self._row(event) for event in events])
        self._move_heads(events if added == len(events) else self._added(events, before))

    def _move_heads(self, fresh: Sequence[StoredEvent]) -> None:
        added = {event.id for event in fresh}
        followed = {parent for event in fresh for parent in event.parents}
        self._database.executemany(
            "DELETE FROM heads WHERE swarm = ? AND event = ?", [(self._number, id) for id in followed - added]
        )
        self._database.executemany(
            "INSERT INTO heads (swarm, event) VALUES (?, ?)",
            [(self._number, id) for id in added - followed],
        )

    def _added(self, events: Sequence[StoredEvent], before: int) -> list[StoredEvent]:
        """Those of them that were stored after the row `before`."""
        found = {row["id"] for row in self._database.all("SELECT id FROM events WHERE rowid > ?", (before,))}
        return [event for event in events if event.id in found]

    def _row(self, event: StoredEvent) -> tuple[object, ...]:
        return (
            self._number,
            event.id,
            " ".join(event.parents),
            event.depth,
            event.author,
            event.device,
            event.seq,
            event.prev,
            event.type,
            event.time,
            " ".join(event.frontier),
            event.signed,
            event.tips,
        )

    def heads(self) -> tuple[str, ...]:
        rows = self._database.all("SELECT event FROM heads WHERE swarm = ? ORDER BY event", (self._number,))
        return tuple(row["event"] for row in rows)

    def count(self) -> int:
        return self._database.number("SELECT count(*) FROM events WHERE swarm = ?", (self._number,))

    def ordered(
        self, after: tuple[int, str] | None = None, limit: int | None = None
    ) -> Iterator[StoredEvent]:
        """Pages through the index, so that neither memory nor a cursor is held for the whole history."""
        place, left = after or (-1, ""), limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = self._many("(depth, id) > (?, ?) ORDER BY depth, id LIMIT ?", (*place, size))
            yield from page
            if len(page) < size:
                return
            place = (page[-1].depth, page[-1].id)
            left = None if left is None else left - size

    def by_device(self, device: str, from_seq: int) -> list[StoredEvent]:
        return self._many("device = ? AND seq >= ? ORDER BY seq, id", (device, from_seq))

    def forks(self, device: str) -> list[StoredEvent]:
        return self._many(
            "device = ? AND seq IN (SELECT seq FROM events WHERE swarm = ? AND device = ?"
            " GROUP BY seq HAVING count(*) > 1) ORDER BY seq, id",
            (device, self._number, device),
        )

    def latest(self, device: str) -> StoredEvent | None:
        return self._one("device = ? ORDER BY seq DESC, id DESC LIMIT 1", (device,))

    def run(self, device: str, from_seq: int, limit: int) -> list[StoredEvent]:
        return self._many("device = ? AND seq >= ? ORDER BY seq, id LIMIT ?", (device, from_seq, limit))

    def tips(self) -> list[Tip]:
        rows = self._database.all(
            "SELECT device, count(*) AS held FROM events WHERE swarm = ? GROUP BY device ORDER BY device",
            (self._number,),
        )
        latest = ((self.latest(row["device"]), row["held"]) for row in rows)
        return [Tip(event.device, event.seq, event.id, count) for event, count in latest if event]

    def places(self, after: Place | None = None, upto: Place | None = None) -> Iterator[Place]:
        """Pages through the index alone."""
        place, end = after or (-1, ""), upto or (LARGEST, "~")
        page = None
        while page is None or len(page) == _PAGE:
            page = self._database.all(
                "SELECT depth, id FROM events WHERE swarm = ? AND (depth, id) > (?, ?)"
                " AND (depth, id) <= (?, ?) ORDER BY depth, id LIMIT ?",
                (self._number, *place, *end, _PAGE),
            )
            for row in page:
                place = (row["depth"], row["id"])
                yield place

    def latest_first(self, before: Place | None, limit: int) -> list[StoredEvent]:
        end = before or (LARGEST, "~")
        return self._many("(depth, id) < (?, ?) ORDER BY depth DESC, id DESC LIMIT ?", (*end, limit))

    def park(self, event: ParkedEvent) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO parked (swarm, id, missing, signed) VALUES (?, ?, ?, ?)",
            (self._number, event.id, " ".join(event.missing), event.signed),
        )

    def unpark(self, event_id: str) -> None:
        self._database.execute("DELETE FROM parked WHERE swarm = ? AND id = ?", (self._number, event_id))

    def parked(self) -> list[ParkedEvent]:
        rows = self._database.all(
            "SELECT id, missing, signed FROM parked WHERE swarm = ? ORDER BY id", (self._number,)
        )
        return [ParkedEvent(row["id"], _split(row["missing"]), bytes(row["signed"])) for row in rows]

    def _one(self, condition: str, values: tuple[object, ...]) -> StoredEvent | None:
        found = self._many(condition, values)
        return found[0] if found else None

    def _many(self, condition: str, values: tuple[object, ...]) -> list[StoredEvent]:
        rows = self._database.all(f"{_SELECT} {condition}", (self._number, *values))
        return [_event(row) for row in rows]


def _event(row: sqlite3.Row) -> StoredEvent:
    return StoredEvent(
        id=row["id"],
        parents=_split(row["parents"]),
        depth=row["depth"],
        author=row["author"],
        device=row["device"],
        seq=row["seq"],
        prev=row["prev"],
        type=row["type"],
        time=row["time"],
        frontier=_split(row["frontier"]),
        signed=bytes(row["signed"]),
        tips=row["tips"],
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())
