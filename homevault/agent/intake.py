"""From the socket to the store: mail of known senders is opened in batches, other mail is kept until its
sender's devices are known; either is acked after the commit.

Promise: no mail is acked before its transaction is on disk, and none waits in the mailbox for a sender's site
that does not answer.
Limits: `BATCH` mails a transaction; `SEARCHES` senders are looked up at a time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from homevault.agent import log
from homevault.agent.directory import Directory
from homevault.agent.opening import Mail, Opener, Outcome
from homevault.agent.own import Own
from homevault.agent.store import Store
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import DeviceList
from homevault.protocol.envelope import Envelope, check_time, envelope_hash, read_envelope
from homevault.protocol.errors import ProtocolError
from homevault.storage.sqlite import unopened

BATCH = 64
WAITING_MOST = 256
SEARCHES = 8
RETRY_FIRST = 15.0
RETRY_LONGEST = 900.0
QUIET = frozenset({"taken", "again", "ignored", "kept"})

Acknowledge = Callable[[list[str]], Awaitable[None]]
Committed = Callable[[], None]


class Sorted:
    """A batch, sorted by what is to be done."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.later: list[Envelope] = []
        self.refused: dict[str, str] = {}

    def add(self, envelope: Envelope, devices: DeviceList | None, certain: bool, now: int) -> None:
        """`devices` are those of the sender's account, as far as known; if `certain`, an unlisted device is
        refused."""
        try:
            check_time(envelope, now)
        except ProtocolError as error:
            if error.code == "clock":
                self.later.append(envelope)
            else:
                self.refused[envelope_hash(envelope)] = error.code
            return
        if devices and envelope.from_device in devices.devices:
            self.mails.append(Mail(envelope, devices))
        elif certain:
            self.refused[envelope_hash(envelope)] = "unlisted_device"
        else:
            self.later.append(envelope)


class Intake:
    """One link's mail. `acknowledge` tells the own site to drop mails; `committed` wakes the courier."""

    def __init__(
        self,
        own: Own,
        store: Store,
        directory: Directory,
        opener: Opener,
        acknowledge: Acknowledge,
        committed: Committed,
    ) -> None:
        self._own = own
        self._store = store
        self._directory = directory
        self._opener = opener
        self._acknowledge = acknowledge
        self._committed = committed
        self._waiting: asyncio.Queue[Envelope] = asyncio.Queue(WAITING_MOST)
        self._searches: dict[Address, asyncio.Task[None]] = {}
        self._fresh: set[Address] = set()
        self._room = asyncio.Semaphore(SEARCHES)

    async def offer(self, envelope: Envelope) -> None:
        """Take a mail from the socket; waits while too many wait, which slows the sender."""
        await self._waiting.put(envelope)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            for address in await self._store.read(unopened.addresses):
                self._search(Address.parse(address))
            while True:
                batch = [await self._waiting.get()]
                while len(batch) < BATCH and not self._waiting.empty():
                    batch.append(self._waiting.get_nowait())
                await self._take(batch)
        finally:
            for task in self._searches.values():
                task.cancel()

    async def _take(self, batch: list[Envelope]) -> None:
        found, now = Sorted(), self._own.clock.now()
        for envelope in batch:
            devices = self._directory.sender(envelope.from_, envelope.from_device)
            found.add(envelope, devices, False, now)
        durable = [outcome.hash for outcome in await self._settle(found) if outcome.durable]
        if durable:
            await self._acknowledge(durable)
        for envelope in found.later:
            self._search(envelope.from_)

    async def _settle(self, found: Sorted) -> list[Outcome]:
        outcomes = await self._store.read(self._opener.settle, found.mails, found.later, found.refused)
        self._committed()
        for code, count in Counter(outcome.code for outcome in outcomes).items():
            events = sum(outcome.events for outcome in outcomes if outcome.code == code)
            (log.info if code in QUIET else log.warn)("mail", result=code, count=count, events=events)
        return outcomes

    def _search(self, address: Address) -> None:
        self._fresh.add(address)
        if address not in self._searches:
            self._searches[address] = asyncio.create_task(self._find_sender(address))

    async def _find_sender(self, address: Address) -> None:
        """Ask until all mail kept for this address is judged; meanwhile the remembered list serves."""
        pause = RETRY_FIRST
        while True:
            self._fresh.discard(address)
            async with self._room:
                devices, certain = await self._look_up(address)
            if not await self._judge(address, devices, certain):
                await asyncio.sleep(pause)
                pause = min(2 * pause, RETRY_LONGEST)
            elif address not in self._fresh:
                del self._searches[address]
                return

    async def _look_up(self, address: Address) -> tuple[DeviceList | None, bool]:
        """The devices at the address, and whether the site could say so now."""
        try:
            return (await self._directory.find(address)).devices, True
        except ProtocolError as error:
            if error.code == "unknown_recipient":
                return None, True
            log.warn("sender_not_found_yet", code=error.code)
            return self._directory.recalled(address), False

    async def _judge(self, address: Address, devices: DeviceList | None, certain: bool) -> bool:
        """Judge what is kept for the address; True when nothing is left."""
        after, left = 0, False
        while rows := await self._store.read(unopened.page, str(address), after, BATCH):
            after = rows[-1][0]
            found = Sorted()
            for _, raw in rows:
                found.add(read_envelope(raw), devices, certain, self._own.clock.now())
            outcomes = await self._settle(found)
            left = left or any(outcome.code == "kept" for outcome in outcomes)
        return not left
