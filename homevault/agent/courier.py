"""What leaves this vault: seals what is owed, sends it, and sends it again until the own site accepts it.

Promise: an envelope goes out only from the durable outbox, with the same bytes each time, and is settled by
`accepted` or a final refusal. Acks gather for `GATHER` seconds, for `CALM` while more keep coming.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from itertools import groupby

from homevault.agent import log
from homevault.agent.book import Book
from homevault.agent.directory import Directory, Person
from homevault.agent.own import Own
from homevault.agent.sealing import seal_tasks
from homevault.agent.store import Store
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from homevault.storage.sqlite import contacts, outbox
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.outbox import Task

GATHER = 0.25
CALM = 1.0
RESEND_SECONDS = 120.0
LOOK_SECONDS = 30.0
PAUSE_FIRST = 60_000
PAUSE_LONGEST = 6 * 3_600_000
PASSING = frozenset({"unreachable", "mailbox_full", "too_many", "internal", "clock"})

SendRaw = Callable[[bytes], Awaitable[None]]


class Courier:
    """One link's outgoing mail."""

    def __init__(self, own: Own, store: Store, directory: Directory, book: Book, send: SendRaw) -> None:
        self._own = own
        self._store = store
        self._directory = directory
        self._book = book
        self._send = send
        self._awake = asyncio.Event()
        self._sent: dict[str, float] = {}

    def wake(self) -> None:
        """Something may be owed."""
        self._awake.set()

    async def run(self) -> None:
        """Until cancelled; raises LinkError when the link breaks."""
        last = 0.0
        while True:
            await self._send_sealed()
            await self._wait()
            await asyncio.sleep(max(GATHER, last + CALM - time.monotonic()))
            self._awake.clear()
            last = time.monotonic()
            await self._seal_due()

    async def accepted(self, envelope: str) -> None:
        """The own site has it."""
        if self._sent.pop(envelope, None) is not None:
            await self._store.write(outbox.settle, envelope)
            self.wake()

    async def failed(self, envelope: str, code: str) -> None:
        """The own site reports an error: a passing one is tried again later, others end it."""
        if envelope not in self._sent:
            return
        log.warn("outgoing_refused", code=code)
        if code == "unlisted_device":
            self._directory.forget_keys()
        if code not in PASSING:
            del self._sent[envelope]
            await self._store.write(outbox.settle, envelope)

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._awake.wait()

    async def _send_sealed(self) -> None:
        now = time.monotonic()
        for envelope in await self._store.read(outbox.sealed):
            if now - self._sent.get(envelope, now - RESEND_SECONDS) >= RESEND_SECONDS:
                raw = await self._store.read(outbox.raw_of, envelope)
                if raw is not None:
                    self._sent[envelope] = now
                    await self._send(raw)

    async def _seal_due(self) -> None:
        tasks = await self._store.read(outbox.due_tasks, self._own.clock.now())
        tasks.sort(key=_account)
        groups = [(account, list(group)) for account, group in groupby(tasks, _account)]
        await asyncio.gather(*(self._seal_for(account, group) for account, group in groups))

    async def _seal_for(self, account: str, tasks: list[Task]) -> None:
        try:
            to, person = await self._recipient(account, claim=any(task.letter for task in tasks))
        except ProtocolError as error:
            log.warn("recipient_not_found", code=error.code, count=len(tasks))
            await self._store.write(_postpone, tasks, self._own.clock.now())
            return
        await self._store.write(seal_tasks, self._own, self._book, to, person, tasks)

    async def _recipient(self, account: str, claim: bool) -> tuple[Address, Person]:
        """Where the account lives and what to seal to; ProtocolError while that cannot be known."""
        if account == self._own.account:
            return self._own.address, await self._directory.recipient(self._own.address, claim)
        address = await self._store.read(contacts.address_of, account)
        if address is None:
            raise ProtocolError("unknown_recipient")
        to = Address.parse(address)
        person = await self._directory.recipient(to, claim)
        if person.account != account:
            raise ProtocolError("certificate_account")
        return to, person


def _account(task: Task) -> str:
    return task.account


def _postpone(database: Database, tasks: list[Task], now: int) -> None:
    for task in tasks:
        pause = min(PAUSE_FIRST * 2 ** min(task.attempts, 16), PAUSE_LONGEST)
        outbox.postpone(database, task.row, now + pause)
