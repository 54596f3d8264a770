"""The vault and a real site, both as processes: paired, fed, killed, fed while away, and found whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from homevault.protocol.keys import SignKey
from homevault.protocol.swarm import author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.vault.people import CLOCK, RANDOM, events_letter
from tests.vault.real_site import Owner, start_site
from tests.vault.running import VaultProcess
from tests.vault.test_cli import told


@pytest_asyncio.fixture
async def owner(tmp_path: Path) -> AsyncIterator[Owner]:
    site = start_site(tmp_path / "site")
    made = Owner(site)
    await made.sign_up()
    await made.connect()
    yield made
    await made.close()
    site.stop()


async def test_pair_keep_kill_and_catch_up(owner: Owner, process: VaultProcess) -> None:
    await process.start("--site", owner.site.origin)
    code = await owner.pair()
    assert await process.line("pairing code") == f"pairing code {code[:3]} {code[3:]}"
    await process.line("paired with")
    swarm = Replica(MemoryEventStore())
    key, friend = owner.browser.sign, SignKey.generate(RANDOM).public
    author.begin(swarm, key, owner.browser.certificate, friend, CLOCK.now(), RANDOM)
    author.text(swarm, key, owner.root.public, "while the vault was there", CLOCK.now())
    first = await owner.mail_myself(events_letter(swarm))
    assert (await owner.next("accepted")).data["ref"]
    letter = owner.open(await owner.next("mail"))
    assert (letter.kind, letter.fields["ack"]["heads"]) == ("ack", list(swarm.heads))
    await process.kill()
    away = author.text(swarm, key, owner.root.public, "while the vault was away", CLOCK.now())
    await owner.mail_myself(events_letter(swarm, away))
    await owner.send(first)
    await process.start()
    letter = owner.open(await owner.next("mail"))
    assert (letter.kind, letter.fields["ack"]["heads"]) == ("ack", [away.id])
    found = await told(process, "status")
    assert (found["link"], found["events"], found["messages"], found["listed"]) == ("linked", 3, 2, True)
    hits = (await told(process, "search", "AWAY"))["hits"]
    assert [(hit["event"], hit["author"]) for hit in hits] == [(away.id, "you")]
