"""The vault's tables: transactions, erasing, taking once, gathering what is to be said."""

import sqlite3
import stat

import pytest

from homevault.storage.sqlite import contacts, outbox, prekeys, taken
from homevault.storage.sqlite.database import Database, StorageError, open_database, open_readonly
from homevault.storage.sqlite.schema import VERSION

NOW = 1_800_000_000_000


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def test_the_file_is_private_and_durable(database: Database) -> None:
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    assert database.one("PRAGMA journal_mode")[0] == "wal"
    assert database.number("PRAGMA synchronous") == 2
    assert database.number("PRAGMA secure_delete") == 1
    assert database.problems() == []


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def save_and_fail() -> None:
        with database.transaction():
            contacts.save(database, "a", b"{}", 1, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert contacts.everybody(database) == []


def test_a_failed_attempt_undoes_only_itself(database: Database) -> None:
    def save_and_fail() -> None:
        with database.attempt():
            contacts.save(database, "inner", b"{}", 1, NOW)
            with database.attempt():
                contacts.save(database, "innermost", b"{}", 1, NOW)
            raise RuntimeError

    with database.transaction():
        contacts.save(database, "kept", b"{}", 1, NOW)
        with pytest.raises(RuntimeError):
            save_and_fail()
    assert [contact.account for contact in contacts.everybody(database)] == ["kept"]


def test_a_reader_sees_commits_and_cannot_write(database: Database, tmp_path) -> None:
    reader = open_readonly(tmp_path)
    with database.transaction():
        contacts.save(database, "a", b"{}", 1, NOW)
        assert contacts.get(reader, "a") is None
    assert contacts.get(reader, "a") is not None
    with pytest.raises(sqlite3.OperationalError):
        contacts.save(reader, "b", b"{}", 1, NOW)
    reader.close()


def test_a_newer_or_broken_file_is_named(database: Database, tmp_path) -> None:
    database.execute(f"PRAGMA user_version={VERSION + 1}")
    for opening in (open_database, open_readonly):
        with pytest.raises(StorageError) as error:
            opening(tmp_path)
        assert error.value.code == "newer_database"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "vault.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StorageError) as error:
        open_database(tmp_path / "other")
    assert error.value.code == "database"


def test_a_mail_is_taken_once_until_it_expires(database: Database) -> None:
    assert taken.record(database, "device", "id", "hash", NOW)
    assert not taken.record(database, "device", "id", "other", NOW)
    assert taken.record(database, "another", "id", "hash", NOW + 5)
    assert taken.known_hash(database, "device", "id") == "hash"
    assert taken.forget(database, NOW + 1) == 1
    assert taken.known_hash(database, "device", "id") is None


def test_prekeys_are_found_by_sort_and_erased_when_used_or_replaced_long_ago(database: Database) -> None:
    first, second, once = (prekeys.Half(name, name.encode() * 32) for name in "abc")
    prekeys.add_signed(database, first, NOW)
    prekeys.add_signed(database, second, NOW + 1)
    prekeys.add_one_time(database, [once], NOW)
    assert prekeys.current_signed(database) == (second, NOW + 1)
    assert prekeys.find(database, "a", one_time=False) == first.secret
    assert prekeys.find(database, "c", one_time=False) is None
    prekeys.erase_one_time(database, "c")
    assert prekeys.find(database, "c", one_time=True) is None
    assert prekeys.erase_signed(database, NOW) == 0
    assert prekeys.erase_signed(database, NOW + 1) == 1
    assert prekeys.current_signed(database) == (second, NOW + 1)


def test_an_erased_prekey_is_overwritten(database: Database) -> None:
    secret = b"erase this very secret key pleas"
    prekeys.add_one_time(database, [prekeys.Half("c", secret)], NOW)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret in database.path.read_bytes()
    prekeys.erase_one_time(database, "c")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret not in database.path.read_bytes()


def test_acks_and_questions_gather_until_they_are_sealed(database: Database) -> None:
    for _ in range(3):
        outbox.owe_ack(database, "bob", "swarm", NOW)
    outbox.ask_missing(database, "bob", "swarm", ["b"], NOW)
    outbox.ask_missing(database, "bob", "swarm", ["a", "b"], NOW)
    ack, missing = outbox.due_tasks(database, NOW)
    assert (ack.kind, missing.kind, missing.events) == ("ack", "missing", ("a", "b"))
    outbox.seal_task(database, ack.row, "envelope", b"raw")
    outbox.owe_ack(database, "bob", "swarm", NOW)
    assert len(outbox.due_tasks(database, NOW)) == 2
    assert outbox.sealed(database) == ["envelope"]
    assert outbox.raw_of(database, "envelope") == b"raw"
    assert outbox.settle(database, "envelope")
    assert not outbox.settle(database, "envelope")
    assert outbox.sealed(database) == []


def test_a_postponed_task_waits_and_answers_are_limited(database: Database) -> None:
    outbox.owe_ack(database, "bob", "swarm", NOW)
    (task,) = outbox.due_tasks(database, NOW)
    outbox.postpone(database, task.row, NOW + 1_000)
    assert outbox.due_tasks(database, NOW) == []
    assert outbox.next_due(database) == NOW + 1_000
    (task,) = outbox.due_tasks(database, NOW + 1_000)
    assert task.attempts == 1
    answers = [
        outbox.answer(database, "bob", "phone", "swarm", b"letter", NOW)
        for _ in range(outbox.ANSWERS_MOST + 1)
    ]
    assert answers == [True] * outbox.ANSWERS_MOST + [False]


def test_an_address_that_shows_another_account_is_told(database: Database) -> None:
    assert not contacts.see_at(database, "@bob@b.example", "first", NOW)
    assert not contacts.see_at(database, "@bob@b.example", "first", NOW + 1)
    assert contacts.see_at(database, "@bob@b.example", "second", NOW + 2)
    assert contacts.account_at(database, "@bob@b.example") == "second"
    assert contacts.address_of(database, "first") == "@bob@b.example"
    assert contacts.changed_addresses(database) == ["@bob@b.example"]
