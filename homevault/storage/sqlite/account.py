"""Whom this vault belongs to, and the few facts `status` tells about the running agent.

Promise: pairing is stored in one row at once; afterwards only the device list in it changes, through
`contacts.py` like everybody's, and the address and the site's key when the own site says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from homevault.storage.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Pairing:
    """What `certificate` of SPEC 4.8 brought: `certificate` and `address` are canonical JSON bytes."""

    account: str
    device: str
    certificate: bytes
    address: bytes
    origin: str
    site_key: str
    time: int


def save(database: Database, pairing: Pairing) -> None:
    """Store the pairing inside the caller's transaction; a vault is paired once."""
    database.execute(
        "INSERT INTO account (id, account, device, certificate, address, origin, site_key, time)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        (
            pairing.account,
            pairing.device,
            pairing.certificate,
            pairing.address,
            pairing.origin,
            pairing.site_key,
            pairing.time,
        ),
    )


def load(database: Database) -> Pairing | None:
    """The pairing, or None while this vault waits for one."""
    row = database.one(
        "SELECT account, device, certificate, address, origin, site_key, time FROM account WHERE id = 1"
    )
    return Pairing(*row) if row else None


def follow_site(database: Database, site_key: str) -> None:
    """The own site has another key, which the former one vouched for."""
    database.execute("UPDATE account SET site_key = ? WHERE id = 1", (site_key,))


def note(database: Database, name: str, value: int | str) -> None:
    """Remember a small fact (`linked_at`, `left_at`, `mail_at`, `refused` …), replacing the former one."""
    database.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))


def facts(database: Database) -> dict[str, int | str]:
    """All remembered facts by name; times are ms since 1970."""
    return {row["name"]: row["value"] for row in database.all("SELECT name, value FROM facts")}
