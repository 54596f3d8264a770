"""Prekeys for others to seal to (SPEC 4.3): made, rotated and published.

Promise: private halves are on disk before the public ones leave; a one-time prekey is never published twice.
When prekeys are replaced and erased is `homevault.protocol.rotation`'s to say.
"""

from __future__ import annotations

from typing import Any

from homevault.agent.own import Own
from homevault.protocol import rotation
from homevault.protocol.keys import DhKey
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.storage.sqlite import account, prekeys, unopened
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.prekeys import Half


def prekeys_to_publish(database: Database, own: Own, more: bool) -> dict[str, Any]:
    """The fields of a `prekeys` envelope, in the caller's transaction. One-time prekeys are made when `more`
    are asked for or few are left."""
    wanted = more or rotation.stock_wanted(prekeys.count_one_time(database)) > 0
    return {
        "signed": _signed(database, own),
        "one_time": _one_time(database, own) if wanted else None,
    }


def rotation_due(database: Database, now: int) -> bool:
    current = prekeys.current_signed(database)
    return rotation.rotation_due(current[1] if current else None, now)


def erase_replaced(database: Database, now: int) -> int:
    """Erase the private halves that are not needed any more, if the mailbox is empty now; how many. For the
    time this vault is linked only."""
    facts = account.facts(database)
    linked, mail = int(facts["linked_at"]), int(facts.get("mail_at", 0))
    empty = rotation.drained(linked, mail, unopened.count(database), now)
    until = rotation.erasable_until(now if empty else None, now)
    return 0 if until is None else prekeys.erase_signed(database, until)


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
    halves = [_half(own) for _ in range(rotation.STOCK)]
    prekeys.add_one_time(database, halves, now)
    return make_one_time(own.account, own.keys.sign, [half.public for half in halves], now)


def _half(own: Own) -> Half:
    key = DhKey.generate(own.random)
    return Half(key.public, key.secret)
