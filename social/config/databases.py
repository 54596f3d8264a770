"""The database: SQLite in the data folder unless DATABASE_URL names another.

SQLite runs in WAL with synchronous=FULL (what was acknowledged survives a power cut) and takes its write lock
at the start of every transaction, so that no transaction fails half way for having read first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

BUSY_SECONDS = 20
KEPT_SECONDS = 60
"""How long a thread keeps its connection: opening one costs more than most of what is asked."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-4000; PRAGMA secure_delete=FAST;"
)


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_SECONDS,
            "init_command": PRAGMAS,
        },
        "TEST": {"NAME": str(path.with_suffix(".test.sqlite3"))},
    }


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's DATABASES["default"] for DATABASE_URL, empty meaning the data folder."""
    if not url:
        return sqlite(folder / "site.sqlite3")
    import dj_database_url

    found: dict[str, Any] = dict(dj_database_url.parse(url))
    if found["ENGINE"].endswith("sqlite3"):
        return sqlite(Path(found["NAME"]))
    return {**found, "CONN_MAX_AGE": KEPT_SECONDS, "CONN_HEALTH_CHECKS": True}
