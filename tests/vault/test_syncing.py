"""Sync sessions on the vault's database, over real links."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from homevault.protocol.canonical import parse
from homevault.protocol.ports import FrameLink, LinkClosed
from homevault.protocol.swarm import author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.effects import Effect, Ended, Take
from homevault.protocol.sync.frames import write_frame
from homevault.protocol.sync.pull import Pull, Taken
from homevault.protocol.sync.session import SILENCE, Session
from homevault.storage.sqlite import swarms
from homevault.storage.sqlite.database import Database, open_database
from homevault.storage.sqlite.events import SqliteEvents
from homevault.transport.sync.memory import pair
from homevault.transport.sync.run import run
from tests.ports.websocket_pair import websocket_pair
from tests.protocol.people import NOW, Person, SeededRandom

ALICE, BOB = Person("alice"), Person("bob")


@dataclass
class SetClock:
    time: int = NOW

    def now(self) -> int:
        return self.time


class Vault:
    """A swarm in a database of its own."""

    def __init__(self, database: Database, device: str, swarm: str) -> None:
        self.database = database
        self.device = device
        self.clock = SetClock()
        self.heard: list[Effect] = []
        with database.transaction():
            self.swarm = swarms.add(database, swarm, NOW)
        self.store = SqliteEvents(database, self.swarm.number)

    @property
    def replica(self) -> Replica:
        return Replica(self.store, self.swarm.swarm)

    @property
    def ids(self) -> list[str]:
        return [id for _, id in self.store.places()]

    def fill(self, like: Replica) -> None:
        with self.database.transaction():
            self.store.put_all(list(like.store.ordered()))

    def say(self, person: Person, text: str) -> str:
        with self.database.transaction():
            return author.text(self.replica, person.browser.key, person.account, text, NOW).id

    async def sync(self, link: FrameLink) -> Ended:
        session = Session(self.store, self.swarm.swarm, self.device, link.peer, self.clock.now())
        pull = Pull(self.replica)

        async def take(batch: Take) -> Taken:
            with self.database.transaction():
                return pull.take(batch.events)

        async def hear(effect: Effect) -> None:
            self.heard.append(effect)

        return await run(session, link, take, hear, self.clock, tick_seconds=0.01)


@pytest.fixture
def vaults(tmp_path: Path) -> Iterator[tuple[Vault, Vault]]:
    """Two of one conversation, the first with some lines of it."""
    talk = Replica(MemoryEventStore())
    author.begin(talk, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, SeededRandom("talk"))
    author.join(talk, BOB.browser.key, BOB.browser.wire, NOW)
    for number in range(200):
        person = (ALICE, BOB)[number % 2]
        author.text(talk, person.browser.key, person.account, f"line {number}", NOW)
    made = []
    for name, device in (("a", ALICE.vault.id), ("b", BOB.vault.id)):
        (tmp_path / name).mkdir()
        made.append(Vault(open_database(tmp_path / name), device, str(talk.swarm)))
    made[0].fill(talk)
    yield made[0], made[1]
    for vault in made:
        vault.database.close()


async def both(a: Vault, b: Vault, links: tuple[FrameLink, FrameLink]) -> tuple[Ended, Ended]:
    return await asyncio.gather(a.sync(links[0]), b.sync(links[1]))


async def test_a_new_vault_gets_the_history_over_a_websocket(vaults: tuple[Vault, Vault]) -> None:
    a, b = vaults
    async with websocket_pair(a.device, b.device) as links:
        mine, theirs = await both(a, b, links)
        assert (mine.end, mine.given) == ("equal", 202)
        assert (theirs.end, theirs.added) == ("equal", 202)
        assert a.ids == b.ids
        said = b.say(BOB, "now from here")
        mine, _ = await both(a, b, links)
    assert (mine.end, mine.added) == ("equal", 1)
    assert a.replica.heads == b.replica.heads == (said,)


async def test_a_fork_of_histories_in_databases_is_joined(vaults: tuple[Vault, Vault]) -> None:
    a, b = vaults
    b.fill(a.replica)
    a.say(ALICE, "left")
    b.say(ALICE, "right")
    mine, theirs = await both(a, b, pair(a.device, b.device))
    assert (mine.end, mine.added, theirs.added) == ("equal", 1, 1)
    assert a.ids == b.ids


class Through:
    """A link on another one."""

    def __init__(self, link: FrameLink) -> None:
        self._link = link
        self.peer = link.peer

    async def send(self, frame: bytes) -> None:
        await self._link.send(frame)

    async def receive(self) -> bytes:
        return await self._link.receive()

    async def close(self) -> None:
        await self._link.close()


class Breaking(Through):
    """It ends after some frames."""

    left = 6

    async def send(self, frame: bytes) -> None:
        self.left -= 1
        if not self.left:
            await self.close()
        await super().send(frame)


class Spoiling(Through):
    """It forges the signature of the last event of a later batch."""

    def __init__(self, link: FrameLink) -> None:
        super().__init__(link)
        self.batches: list[int] = []

    async def send(self, frame: bytes) -> None:
        value = parse(frame)
        if value["kind"] == "events":
            self.batches.append(len(value["events"]))
            if len(self.batches) == 3:
                frame = write_frame(
                    "events",
                    value["swarm"],
                    events=[*value["events"][:-1], {**value["events"][-1], "sig": "A" * 86}],
                )
        await super().send(frame)


async def test_a_pull_that_fails_half_way_leaves_what_was_there(vaults: tuple[Vault, Vault]) -> None:
    a, b = vaults
    link, other = pair(a.device, b.device)
    spoiling = Spoiling(link)
    _, theirs = await both(a, b, (spoiling, other))
    assert (theirs.end, theirs.code, theirs.peer) == ("refused", "signature", a.device)
    assert theirs.event == a.ids[sum(spoiling.batches[:3]) - 1]
    assert b.ids == a.ids[: sum(spoiling.batches[:2])]
    assert b.database.problems() == []
    mine, _ = await both(a, b, pair(a.device, b.device))
    assert mine.end == "equal"
    assert a.ids == b.ids


async def test_a_link_that_breaks_loses_nothing_that_was_taken(vaults: tuple[Vault, Vault]) -> None:
    a, b = vaults
    link, other = pair(a.device, b.device)
    mine, theirs = await both(a, b, (Breaking(link), other))
    assert mine.end == theirs.end == "unreachable"
    assert 0 < len(b.ids) == theirs.added < len(a.ids)
    assert b.ids == a.ids[: len(b.ids)]
    mine, _ = await both(a, b, pair(a.device, b.device))
    assert mine.end == "equal"
    assert a.ids == b.ids


async def test_writing_is_not_held_up_by_a_peer_that_says_nothing(vaults: tuple[Vault, Vault]) -> None:
    a, b = vaults
    link, silent = pair(a.device, b.device)
    syncing = asyncio.create_task(a.sync(link))
    await silent.receive()
    said = a.say(ALICE, "nobody holds me up")
    assert a.replica.heads == (said,)
    a.clock.time += SILENCE
    assert await syncing == Ended("unreachable", b.device)
    await silent.close()
    with pytest.raises(LinkClosed):
        await link.send(b"{}")
