"""Many events of several swarms in one vault's file."""

from pathlib import Path

from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import open_database
from homevault.storage.sqlite.events import SqliteEvents
from tests.ports.event_store import event


def test_swarms_do_not_mix_and_a_new_connection_finds_everything(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    one, other = (SqliteEvents(database, swarms.add(database, name, 0).number) for name in ("one", "other"))
    with database.transaction():
        for number in range(1_200):
            one.put(event(f"e{number:04}", *([f"e{number - 1:04}"] if number else []), depth=number))
    other.put(event("x"))
    database.close()
    database = open_database(tmp_path)
    again = SqliteEvents(database, swarms.add(database, "one", 9).number)
    assert again.count() == 1_200
    assert again.heads() == ("e1199",)
    assert [each.depth for each in again.ordered()] == list(range(1_200))
    assert again.get("x") is None
    database.close()
