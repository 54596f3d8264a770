"""Accounts met so far: what is known of their devices (SPEC 4.11) and the addresses they were seen at.

Promise: an account is remembered from first sight; what is known of it is only ever replaced by what the
caller learnt. An address that shows another account than before keeps both, so that the change can be told.
"""

from __future__ import annotations

from dataclasses import dataclass

from homevault.storage.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Contact:
    """`devices` is the signed device list, `revocations` all that were learnt, `freshness` the newest
    statement or None, each as canonical JSON; times in ms."""

    account: str
    devices: bytes
    number: int
    first_seen: int
    checked: int
    revocations: bytes
    freshness: bytes | None


def get(database: Database, account: str) -> Contact | None:
    row = database.one(
        "SELECT account, devices, number, first_seen, checked, revocations, freshness"
        " FROM contacts WHERE account = ?",
        (account,),
    )
    return Contact(*row) if row else None


def save(
    database: Database,
    account: str,
    devices: bytes,
    number: int,
    now: int,
    revocations: bytes = b"[]",
    freshness: bytes | None = None,
) -> None:
    """Store it as checked at `now`; the caller has joined it with what was known."""
    database.execute(
        "INSERT INTO contacts (account, devices, number, first_seen, checked, revocations, freshness)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account) DO UPDATE SET devices = excluded.devices, number = excluded.number,"
        " checked = excluded.checked, revocations = excluded.revocations, freshness = excluded.freshness",
        (account, devices, number, now, now, revocations, freshness),
    )


def see_at(database: Database, address: str, account: str, now: int) -> bool:
    """Remember that `address` showed `account`; True when it showed another one before."""
    others = database.number(
        "SELECT count(*) FROM addresses WHERE address = ? AND account <> ?", (address, account)
    )
    fresh = database.execute(
        "INSERT INTO addresses (address, account, first_seen, last_seen) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (address, account) DO NOTHING",
        (address, account, now, now),
    )
    if fresh.rowcount == 0:
        database.execute(
            "UPDATE addresses SET last_seen = ? WHERE address = ? AND account = ?", (now, address, account)
        )
    return others > 0 and fresh.rowcount == 1


def account_at(database: Database, address: str) -> str | None:
    """The account last seen at this address (text form), or None."""
    row = database.one(
        "SELECT account FROM addresses WHERE address = ? ORDER BY last_seen DESC LIMIT 1", (address,)
    )
    return str(row["account"]) if row else None


def address_of(database: Database, account: str) -> str | None:
    """Where this account was last seen (text form), or None."""
    row = database.one(
        "SELECT address FROM addresses WHERE account = ? ORDER BY last_seen DESC LIMIT 1", (account,)
    )
    return str(row["address"]) if row else None


def everybody(database: Database) -> list[Contact]:
    rows = database.all(
        "SELECT account, devices, number, first_seen, checked, revocations, freshness"
        " FROM contacts ORDER BY first_seen, account"
    )
    return [Contact(*row) for row in rows]


def changed_addresses(database: Database) -> list[str]:
    """Addresses that have shown more than one account."""
    rows = database.all("SELECT address FROM addresses GROUP BY address HAVING count(*) > 1 ORDER BY address")
    return [str(row["address"]) for row in rows]
