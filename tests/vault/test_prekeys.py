"""Prekeys over the weeks: rotated, kept, erased, and never published twice."""

from __future__ import annotations

from pathlib import Path

from homevault.agent.folder import load_or_make_keys
from homevault.agent.holder import HeldPrekeys
from homevault.agent.own import Own
from homevault.agent.publish import erase_replaced, prekeys_to_publish, rotation_due
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import make_certificate, verify_certificate
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.prekeys import verify_one_time, verify_signed_prekey
from homevault.protocol.rotation import DAY, STOCK
from homevault.protocol.seal import open_box, seal
from homevault.storage.sqlite import account, prekeys, unopened
from homevault.storage.sqlite.database import Database, open_database
from tests.vault.people import RANDOM


class Calendar:
    """A clock that a test turns on."""

    def __init__(self) -> None:
        self.day = 20_000.0

    def now(self) -> int:
        return int(self.day * DAY)


def vault_on(folder: Path) -> tuple[Database, Own, Calendar]:
    calendar = Calendar()
    account = SignKey.generate(RANDOM).public
    own = Own(
        account, Address("localhost", 8001, "alice"), load_or_make_keys(folder, RANDOM), calendar, RANDOM
    )
    return open_database(folder), own, calendar


def publish(database: Database, own: Own, more: bool = False) -> dict[str, object]:
    with database.transaction():
        return prekeys_to_publish(database, own, more)


def test_what_is_published_is_signed_by_this_device(tmp_path: Path) -> None:
    database, own, _ = vault_on(tmp_path)
    root = SignKey.generate(RANDOM)
    own = Own(root.public, own.address, own.keys, own.clock, RANDOM)
    certificate = verify_certificate(
        make_certificate(root, own.device, own.keys.dh.public, "vault", own.clock.now())
    )
    fields = publish(database, own)
    assert verify_signed_prekey(fields["signed"], certificate).time == own.clock.now()
    assert len(verify_one_time(fields["one_time"], certificate).keys) == STOCK
    database.close()


def test_the_signed_prekey_is_replaced_weekly_and_opens_for_thirty_days_more(tmp_path: Path) -> None:
    database, own, calendar = vault_on(tmp_path)
    account.note(database, "linked_at", calendar.now())
    first = publish(database, own)["signed"]["key"]
    calendar.day += 6.9
    assert publish(database, own)["signed"]["key"] == first
    assert not rotation_due(database, calendar.now())
    calendar.day += 0.2
    assert rotation_due(database, calendar.now())
    assert publish(database, own)["signed"]["key"] != first
    sender = DhKey.generate(RANDOM)
    box = seal(b"late mail", {}, sender, own.keys.dh.public, first, None, RANDOM)
    calendar.day += 29.9
    erase_replaced(database, calendar.now())
    opened = open_box(box, {}, own.keys.dh, HeldPrekeys(database), sender.public)
    assert opened.plaintext == b"late mail"
    calendar.day += 0.2
    erase_replaced(database, calendar.now())
    assert HeldPrekeys(database).signed(first) is None
    database.close()


def test_a_vault_back_from_long_away_drains_its_mailbox_before_it_erases(tmp_path: Path) -> None:
    database, own, calendar = vault_on(tmp_path)
    first = publish(database, own)["signed"]["key"]
    calendar.day += 8
    publish(database, own)
    calendar.day += 40
    second = 1 / 86_400
    account.note(database, "linked_at", calendar.now())
    erase_replaced(database, calendar.now())
    assert HeldPrekeys(database).signed(first), "just linked"
    calendar.day += 50 * second
    account.note(database, "mail_at", calendar.now())
    calendar.day += 50 * second
    erase_replaced(database, calendar.now())
    assert HeldPrekeys(database).signed(first), "mail comes still"
    unopened.keep(database, "hash", "@bob@bob.example", b"{}", calendar.now())
    calendar.day += 1
    erase_replaced(database, calendar.now())
    assert HeldPrekeys(database).signed(first), "one is not opened yet"
    unopened.drop(database, "hash")
    erase_replaced(database, calendar.now())
    assert HeldPrekeys(database).signed(first) is None
    database.close()


def test_one_time_prekeys_are_topped_up_and_never_published_twice(tmp_path: Path) -> None:
    database, own, _ = vault_on(tmp_path)
    published = list(publish(database, own)["one_time"]["keys"])
    assert publish(database, own)["one_time"] is None
    for used in published[:51]:
        prekeys.erase_one_time(database, used)
    published += publish(database, own)["one_time"]["keys"]
    published += publish(database, own, more=True)["one_time"]["keys"]
    assert len(set(published)) == 3 * STOCK
    database.close()


def test_unused_one_time_prekeys_are_bounded(tmp_path: Path, monkeypatch) -> None:
    database, own, calendar = vault_on(tmp_path)
    monkeypatch.setattr(prekeys, "ONE_TIME_MOST", 150)
    first = publish(database, own)["one_time"]["keys"]
    calendar.day += 1
    second = publish(database, own, more=True)["one_time"]["keys"]
    held = HeldPrekeys(database)
    assert all(held.one_time(key) for key in second)
    assert sum(held.one_time(key) is not None for key in first) == 50
    database.close()
