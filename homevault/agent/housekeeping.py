"""What the vault does of itself while it is linked: publishing prekeys, looking at its account's list and
vouching for it, asking for what is missing, forgetting what has expired."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from homevault.agent import log
from homevault.agent.asking import Questions
from homevault.agent.directory import Directory
from homevault.agent.own import Own
from homevault.agent.publish import erase_replaced, prekeys_to_publish, rotation_due
from homevault.agent.sealing import MAIL_SECONDS
from homevault.agent.store import Store
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import make_freshness
from homevault.protocol.knowledge import KeyKnowledge, statement_due
from homevault.storage.sqlite import account, outbox, posts, taken
from homevault.storage.sqlite.database import Database

SEEN_SECONDS = 60.0
HUSH_SECONDS = 1.0
ROUND = 60

Send = Callable[[Envelope], Awaitable[None]]
Wake = Callable[[], None]


class Housekeeper:
    """One link's. `send` goes to the own site, `wake` tells the courier that something may be owed."""

    def __init__(
        self, own: Own, store: Store, directory: Directory, questions: Questions, send: Send, wake: Wake
    ) -> None:
        self._own = own
        self._store = store
        self._directory = directory
        self._questions = questions
        self._send = send
        self._wake = wake
        self._topics: set[str] = set()
        self._told = asyncio.Event()

    def tell(self, topic: str) -> None:
        """The own site says that there is more to look at."""
        self._topics.add(topic)
        self._told.set()

    async def run(self) -> None:
        """Until cancelled; raises LinkError when the link breaks."""
        await self._store.write(_linked, self._own.clock.now())
        await self._publish(more=False)
        rounds = 0
        while True:
            if rounds % ROUND == 0:
                await self._tidy()
            if await self._was_told():
                await self._look()
            else:
                rounds += 1
                await self._store.write(account.note, "seen_at", self._own.clock.now())

    async def _was_told(self) -> bool:
        try:
            async with asyncio.timeout(SEEN_SECONDS):
                await self._told.wait()
        except TimeoutError:
            return False
        await asyncio.sleep(HUSH_SECONDS)
        return True

    async def _look(self) -> None:
        topics, self._topics = self._topics, set()
        self._told.clear()
        if "prekeys" in topics:
            await self._publish(more=True)
        if "devices" in topics:
            await self._check_listed()

    async def _publish(self, more: bool) -> None:
        fields = await self._store.write(prekeys_to_publish, self._own, more)
        await self._send(self._own.to_site("prekeys", fields))

    async def _check_listed(self) -> None:
        """Learn the own list; note whether the account still lists this vault."""
        try:
            person = await self._directory.find(self._own.address)
        except ProtocolError as error:
            log.warn("own_list_unknown", code=error.code)
            return
        listed = self._own.device in person.devices.devices
        await self._store.write(account.note, "listed", int(listed))
        if listed:
            await self._vouch(person.knowledge)
        else:
            log.warn("not_listed_any_more")

    async def _vouch(self, known: KeyKnowledge) -> None:
        """The daily word that what this vault knows of its account is the newest (SPEC 4.11)."""
        now = self._own.clock.now()
        if not statement_due(known, now):
            return
        word = make_freshness(self._own.keys.sign, known.list, known.revocations, now)
        fields = {
            "list": known.list.wire,
            "revocations": list(known.revocations.values()),
            "freshness": word,
        }
        await self._send(self._own.to_site("vouch", fields))

    async def _tidy(self) -> None:
        now = self._own.clock.now()
        await self._store.write(self._questions.ask_everybody)
        self._wake()
        await self._check_listed()
        await self._store.write(_forget, now)
        if await self._store.read(rotation_due, now):
            await self._publish(more=False)
        await self._store.read(Database.checkpoint)


def _linked(database: Database, now: int) -> None:
    account.note(database, "linked_at", now)
    account.note(database, "seen_at", now)
    account.note(database, "trouble", "")


def _forget(database: Database, now: int) -> None:
    taken.forget(database, now)
    erase_replaced(database, now)
    outbox.drop_older(database, now - MAIL_SECONDS * 1000)
    posts.drop_older(database, now - MAIL_SECONDS * 1000)
