"""Full-text search over the texts of stored events.

Promise: a text is searchable in the transaction that stores its event. Every word of the query must occur, as
any part of a word, in any script, whatever the case or width (NFKC and case folding). Words of three and more
characters use the trigram index; if all are shorter, the folded texts are scanned.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from homevault.storage.sqlite.database import Database

INDEXED_LENGTH = 3
WORDS_MOST = 16


@dataclass(frozen=True, slots=True)
class Hit:
    """`time` is the author's own claim (ms); `marks` are [start, end) ranges of the words in `text`."""

    event: str
    swarm: str
    author: str
    time: int
    text: str
    marks: tuple[tuple[int, int], ...]


def fold(text: str) -> str:
    """The form in which texts and queries are compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def index_text(database: Database, event: str, swarm: str, author: str, time: int, text: str) -> None:
    """Make what an event says searchable, in place of what it said, inside the caller's transaction."""
    known = database.one("SELECT text FROM texts WHERE event = ?", (event,))
    if known and known["text"] == text:
        return
    forget_text(database, event)
    done = database.execute(
        "INSERT INTO texts (event, swarm, author, time, text, folded) VALUES (?, ?, ?, ?, ?, ?)",
        (event, swarm, author, time, text, fold(text)),
    )
    database.execute("INSERT INTO text_index (rowid, folded) VALUES (?, ?)", (done.lastrowid, fold(text)))


def forget_text(database: Database, event: str) -> None:
    """What the event said is found no more; nothing happens if it was not searchable."""
    known = database.one("SELECT id, folded FROM texts WHERE event = ?", (event,))
    if known:
        database.execute(
            "INSERT INTO text_index (text_index, rowid, folded) VALUES ('delete', ?, ?)", tuple(known)
        )
        database.execute("DELETE FROM texts WHERE id = ?", (known["id"],))


def search(database: Database, query: str, limit: int = 50) -> list[Hit]:
    """Events whose text holds every word of `query`, the latest stored first."""
    words = fold(query).split()[:WORDS_MOST]
    if not words:
        return []
    long = [word for word in words if len(word) >= INDEXED_LENGTH]
    conditions = ["instr(folded, ?) > 0" for _ in words]
    values: list[object] = list(words)
    if long:
        conditions.insert(0, "id IN (SELECT rowid FROM text_index WHERE text_index MATCH ?)")
        values.insert(0, " AND ".join(_quoted(word) for word in long))
    sql = f"SELECT event, swarm, author, time, text FROM texts WHERE {' AND '.join(conditions)}"  # noqa: S608
    rows = database.all(f"{sql} ORDER BY id DESC LIMIT ?", (*values, limit))
    return [
        Hit(event, swarm, author, time, text, tuple(marks(text, words)))
        for event, swarm, author, time, text in rows
    ]


def marks(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded `words` occur in `text`, as merged [start, end) ranges of its characters."""
    folded, origin = _fold_with_origin(text)
    found: list[tuple[int, int]] = []
    for word in words:
        start = folded.find(word)
        while start >= 0:
            found.append((origin[start], origin[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    return _merge(sorted(found))


def _fold_with_origin(text: str) -> tuple[str, list[int]]:
    pieces, origin = [], []
    for position, character in enumerate(text):
        piece = fold(character)
        pieces.append(piece)
        origin.extend([position] * len(piece))
    return "".join(pieces), origin


def _merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
