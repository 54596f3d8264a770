"""Who lives at an address and which devices are theirs: lookups by `keys`, remembered from first sight.

Promise: a list older than the remembered one never replaces it, and the owner is told; so is a changed
account at a known address. A remembered list serves for `FRESH` ms, and longer while the site cannot say.
Limits: one lookup for an address at a time; it takes at most `PATIENCE` seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from homevault.agent import log
from homevault.agent.own import Own
from homevault.agent.store import Store
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import DeviceList, verify_device_list
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError, from_wire
from homevault.protocol.freshness import verify_freshness
from homevault.protocol.knowledge import KeyKnowledge, learn
from homevault.protocol.prekeys import KeysDocument, verify_keys_document
from homevault.protocol.revocations import verify_revocations
from homevault.storage.sqlite import account, contacts, outbox
from homevault.storage.sqlite.database import Database
from homevault.transport.relay.link import LinkError

FRESH = 3_600_000
PATIENCE = 30.0

Send = Callable[[Envelope], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the account that an address showed and, from a lookup, its prekeys and the claimed
    one-time prekeys. `checked` in ms."""

    knowledge: KeyKnowledge
    checked: int
    keys: KeysDocument | None = None
    one_time: dict[str, str | None] | None = None

    @property
    def account(self) -> str:
        return self.knowledge.list.account

    @property
    def devices(self) -> DeviceList:
        """The newest list, without the devices that were revoked."""
        return replace(self.knowledge.list, devices=self.knowledge.devices)


class Directory:
    """Lives on the event loop; the lookups go out through `send` and come back through `answered`."""

    def __init__(self, store: Store, own: Own, send: Send) -> None:
        self._store = store
        self._own = own
        self._send = send
        self._people: dict[str, Person] = {}
        self._asked: dict[str, asyncio.Future[Envelope]] = {}
        self._running: dict[tuple[str, bool], asyncio.Task[Person]] = {}

    async def load(self) -> None:
        """Recall everybody from the store."""
        for address, contact in await self._store.read(_remembered):
            self._people[address] = Person(knowledge_of(contact), contact.checked)

    def sender(self, address: Address, device: str) -> DeviceList | None:
        """The fresh list of the account at `address` if it has `device`, else None: then look it up."""
        person = self._people.get(str(address))
        if person is None or device not in person.knowledge.devices or not self._fresh(person):
            return None
        return person.devices

    def recalled(self, address: Address) -> DeviceList | None:
        """The remembered list, however old: for when the site cannot say."""
        person = self._people.get(str(address))
        return person.devices if person else None

    def forget(self, address: Address) -> None:
        """The next question about this address goes to the site."""
        person = self._people.get(str(address))
        if person:
            self._people[str(address)] = replace(person, checked=0, keys=None)

    def forget_keys(self) -> None:
        """Somebody's keys turned out old: seal to nobody without asking anew."""
        self._people = {at: replace(person, keys=None) for at, person in self._people.items()}

    async def recipient(self, address: Address, claim: bool) -> Person:
        """Whom to seal to: from a fresh lookup, or a new one if one-time prekeys are to be claimed."""
        person = self._people.get(str(address))
        if person and person.keys and self._fresh(person) and not claim:
            return person
        return await self.find(address, claim)

    async def find(self, address: Address, claim: bool = False) -> Person:
        """Ask the own site. Raises ProtocolError: `unknown_recipient` if nobody is there, `unreachable` and
        other codes if it cannot be told now."""
        key = (str(address), claim)
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._find(address, claim))
            self._running[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    def answered(self, envelope: Envelope) -> None:
        """A verified `keys-result` came."""
        waiting = self._asked.get(envelope.data["ref"])
        if waiting and not waiting.done():
            waiting.set_result(envelope)

    def failed(self, ref: str, code: str) -> bool:
        """An `error` came; whether it answers one of our lookups."""
        waiting = self._asked.get(ref)
        if waiting and not waiting.done():
            waiting.set_exception(from_wire(code))
        return waiting is not None

    def _finished(self, key: tuple[str, bool], task: asyncio.Task[Person]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()

    def _fresh(self, person: Person) -> bool:
        return 0 <= self._own.clock.now() - person.checked < FRESH

    async def _find(self, address: Address, claim: bool) -> Person:
        answer = await self._ask(address, claim)
        if answer.data["keys"] is None:
            raise ProtocolError("unknown_recipient")
        expected = self._own.account if address == self._own.address else None
        try:
            document = verify_keys_document(answer.data["keys"], expected)
        except ProtocolError as error:
            await self._store.write(_doubt, error.code, self._own.clock.now(), expected is not None)
            raise
        known = await self._store.write(
            remember, str(address), document.knowledge, self._own.clock.now(), self._own.account
        )
        person = Person(known, self._own.clock.now(), document, answer.data["one_time"])
        self._people[str(address)] = replace(person, one_time=None)
        return person

    async def _ask(self, address: Address, claim: bool) -> Envelope:
        question = self._own.to_site("keys", {"address": address.wire(), "claim": claim})
        waiting: asyncio.Future[Envelope] = asyncio.get_running_loop().create_future()
        self._asked[question.id] = waiting
        try:
            await self._send(question)
            async with asyncio.timeout(PATIENCE):
                return await waiting
        except (TimeoutError, LinkError) as error:
            raise ProtocolError("unreachable", "keys") from error
        finally:
            del self._asked[question.id]


def remember(database: Database, address: str, served: KeyKnowledge, now: int, own: str) -> KeyKnowledge:
    """Join what `address` served with what was known, store it and return it: no list and no revocation is
    ever taken back. The caller holds the transaction."""
    account_id = served.list.account
    contact = contacts.get(database, account_id)
    learned = learn(knowledge_of(contact) if contact else None, served)
    alarms = [alarm for alarm in learned.alarms if alarm != "revoked"]
    if alarms:
        log.warn("device_keys_doubtful", alarms=" ".join(alarms), own=account_id == own)
        account.note(database, "list_alarm", now)
    known = learned.knowledge
    if {"rolled_back", "conflict"}.isdisjoint(alarms):
        outbox.hasten(database, account_id, now)
        if contacts.see_at(database, address, account_id, now):
            log.warn("address_shows_another_account")
    said = canonical(known.freshness.wire) if known.freshness else None
    revocations = canonical(list(known.revocations.values()))
    devices = canonical(known.list.wire)
    contacts.save(database, account_id, devices, known.list.number, now, revocations, said)
    return known


def _doubt(database: Database, code: str, now: int, own: bool) -> None:
    """What a site served is no word of the account that it names."""
    log.warn("device_keys_forged", code=code, own=own)
    account.note(database, "list_alarm", now)


def knowledge_of(contact: contacts.Contact) -> KeyKnowledge:
    """What was stored, as it was verified."""
    devices = verify_device_list(parse(contact.devices))
    revocations = verify_revocations(parse(contact.revocations), contact.account)
    said = contact.freshness
    return KeyKnowledge(devices, revocations, verify_freshness(parse(said), devices) if said else None)


def _remembered(database: Database) -> list[tuple[str, contacts.Contact]]:
    found = []
    for contact in contacts.everybody(database):
        address = contacts.address_of(database, contact.account)
        if address and contacts.account_at(database, address) == contact.account:
            found.append((address, contact))
    return found
