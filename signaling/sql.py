"""Queries over lists of values, in chunks that every database takes; only placeholders go into a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

CHUNK = 400
Rows = list[tuple[Any, ...]]


def marks(values: Sequence[Any]) -> str:
    """A placeholder for each value."""
    return ", ".join(["%s"] * len(values))


def select(query: str, values: Sequence[Any], *before: Any) -> Rows:
    """All rows of `query (values)`; `before` fill the placeholders that stand in the query itself."""
    found: Rows = []
    with connection.cursor() as cursor:
        for start in range(0, len(values), CHUNK):
            chunk = values[start : start + CHUNK]
            cursor.execute(f"{query} ({marks(chunk)})", [*before, *chunk])
            found += cursor.fetchall()
    return found


def rows(query: str, *values: Any) -> Rows:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def delete(query: str, values: Sequence[Any]) -> None:
    """Run `query (values)`."""
    with connection.cursor() as cursor:
        for start in range(0, len(values), CHUNK):
            chunk = values[start : start + CHUNK]
            cursor.execute(f"{query} ({marks(chunk)})", chunk)


def insert(query: str, values: Sequence[Sequence[Any]]) -> None:
    """Run `query` for each tuple of values."""
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(query, values)
