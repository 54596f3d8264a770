"""Prekeys for others to seal to (SPEC 4.3): made, rotated and published.

Promise: private halves are on disk before the public ones leave; the signed prekey is replaced weekly and its
private half kept 30 days more; a one-time prekey is never published twice.
"""

from __future__ import annotations

from typing import Any

from homevault.agent.own import Own
from homevault.protocol.keys import DhKey
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.storage.sqlite import prekeys
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.prekeys import DAY, Half

ROTATION = 7 * DAY
STOCK = 100
LOW_STOCK = 50


def prekeys_to_publish(database: Database, own: Own, more: bool) -> dict[str, Any]:
    """The fields of a `prekeys` envelope, in the caller's transaction. One-time prekeys are made when `more`
    are asked for or few are left."""
    wanted = more or prekeys.count_one_time(database) < LOW_STOCK
    return {
        "signed": _signed(database, own),
        "one_time": _one_time(database, own) if wanted else None,
    }


def rotation_due(database: Database, now: int) -> bool:
    current = prekeys.current_signed(database)
    return current is None or now - current[1] >= ROTATION


def _signed(database: Database, own: Own) -> dict[str, Any]:
    now = own.clock.now()
    if rotation_due(database, now):
        prekeys.add_signed(database, _half(own), now)
    current = prekeys.current_signed(database)
    assert current is not None
    half, made = current
    return make_signed_prekey(own.account, own.keys.sign, half.public, made)


def _one_time(database: Database, own: Own) -> dict[str, Any]:
    now = own.clock.now()
    halves = [_half(own) for _ in range(STOCK)]
    prekeys.add_one_time(database, halves, now)
    return make_one_time(own.account, own.keys.sign, [half.public for half in halves], now)


def _half(own: Own) -> Half:
    key = DhKey.generate(own.random)
    return Half(key.public, key.secret)
