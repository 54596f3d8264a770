"""What the vault remembers of somebody's devices, whatever their site serves later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from homevault.agent.directory import Person as Known
from homevault.agent.directory import knowledge_of, remember
from homevault.protocol.certificates import DeviceList, make_device_list, verify_device_list
from homevault.protocol.freshness import make_freshness, verify_freshness
from homevault.protocol.knowledge import KeyKnowledge, age
from homevault.protocol.ports import SystemClock
from homevault.protocol.prekeys import verify_keys_document
from homevault.protocol.revocations import make_revocation
from homevault.storage.sqlite import account, contacts
from homevault.storage.sqlite.database import Database, open_database
from tests.protocol import people
from tests.vault.people import Person
from tests.vault.running import RunningVault
from tests.vault.small_site import SmallSite, until

NOW = people.NOW
CLOCK = SystemClock()
BOB = people.Person("bob")
AT = str(BOB.address)


async def test_a_vault_vouches_for_the_list_it_knows(
    site: SmallSite, alice: Person, vault: RunningVault
) -> None:
    await until(lambda: alice.site.members["alice"].told)
    document = verify_keys_document(site.keys("alice"), alice.account)
    assert document.knowledge.freshness is not None
    assert document.knowledge.freshness.device == vault.device
    assert age(document.knowledge, CLOCK.now()) == "fresh"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path)
    yield database
    database.close()


def bobs(number: int) -> DeviceList:
    return verify_device_list(make_device_list(BOB.key, number, [BOB.browser.wire, BOB.vault.wire], NOW))


def learnt(database: Database, served: KeyKnowledge) -> KeyKnowledge:
    """What is known after the address served this, read again from the disk."""
    with database.transaction():
        known = remember(database, AT, served, NOW, "nobody")
    contact = contacts.get(database, BOB.account)
    assert contact is not None
    assert knowledge_of(contact) == known
    return known


def test_a_revocation_stays_when_the_site_forgets_it(database: Database) -> None:
    gone = make_revocation(BOB.key, BOB.account, BOB.browser.id, NOW)
    learnt(database, KeyKnowledge(bobs(1), {BOB.browser.id: gone}))
    known = learnt(database, KeyKnowledge(bobs(2), {}))
    assert list(Known(known, NOW).devices.devices) == [BOB.vault.id]
    assert known.list.number == 2


def test_a_list_that_was_turned_or_kept_back_is_told(database: Database) -> None:
    said = verify_freshness(make_freshness(BOB.vault.key, bobs(4), [], NOW), bobs(3))
    learnt(database, KeyKnowledge(bobs(3), {}))
    assert "list_alarm" not in account.facts(database)
    learnt(database, KeyKnowledge(bobs(3), {}, said))
    assert account.facts(database)["list_alarm"] == NOW
    with database.transaction():
        account.note(database, "list_alarm", 0)
    assert learnt(database, KeyKnowledge(bobs(2), {})).list.number == 3
    assert account.facts(database)["list_alarm"] == NOW
