"""Opening mail (SPEC 5.3, 6.6, 7): the sender's signature, the seal, the letter, its effect.

Promise: erasing the one-time prekey, recording the envelope, storing its events, indexing their texts and
queueing acks, questions and answers are one transaction. A mail has its effect once; a bad event undoes all
of its letter. A new swarm is taken only from a device of the own account. An ack is never acked.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from homevault.agent import log, posts, texts
from homevault.agent.asking import Questions
from homevault.agent.book import Book, admitted
from homevault.agent.holder import HeldPrekeys
from homevault.agent.own import Own
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import Certificate, DeviceList
from homevault.protocol.envelope import Envelope, envelope_hash, verify_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.letters import (
    LIVE_KINDS,
    Letter,
    make_events,
    make_whereabouts,
    read_letter,
    read_request,
    verify_ack,
)
from homevault.protocol.seal import open_mail
from homevault.protocol.swarm.events import SignedEvent, read_signed_event
from homevault.protocol.swarm.replica import Added, Duplicate, Replica
from homevault.protocol.sync import lacking
from homevault.storage.sqlite import account, contacts, outbox, prekeys, taken, unopened
from homevault.storage.sqlite.database import Database

# The other kinds are about what people see and want, which a vault has no part in.
_KEPT = frozenset({"request", "events", "missing"})


@dataclass(frozen=True, slots=True)
class Mail:
    """An envelope and the device list of the account it says it is from; the list has its `from_device`."""

    envelope: Envelope
    sender: DeviceList

    @property
    def certificate(self) -> Certificate:
        return self.sender.devices[self.envelope.from_device]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is `taken`, `again` (it had its effect before), `ignored`, `kept` (to be judged later), `full`
    (it must stay in the mailbox), or why it was refused. `events` were new."""

    hash: str
    code: str
    events: int = 0

    @property
    def durable(self) -> bool:
        """Whether the site may drop it."""
        return self.code != "full"


class Opener:
    """Used in the store's thread only."""

    def __init__(self, own: Own, book: Book, questions: Questions) -> None:
        self._own = own
        self._book = book
        self._questions = questions

    def settle(
        self, database: Database, mails: list[Mail], later: list[Envelope], refused: dict[str, str]
    ) -> list[Outcome]:
        """Open `mails`, keep those for `later`, forget the `refused` (hash and code): one transaction,
        committed when this returns."""
        try:
            with database.transaction():
                outcomes = [self._open(database, mail) for mail in mails]
                outcomes += [self._keep(database, envelope) for envelope in later]
                outcomes += [_forget(database, *each) for each in refused.items()]
                account.note(database, "mail_at", self._own.clock.now())
        except BaseException:
            self._book.forget_all()
            raise
        return outcomes

    def _open(self, database: Database, mail: Mail) -> Outcome:
        hash_ = envelope_hash(mail.envelope)
        try:
            with database.attempt():
                code, events = self._take(database, mail, hash_)
            outcome = Outcome(hash_, code, events)
        except ProtocolError as error:
            outcome = Outcome(hash_, error.code)
        except sqlite3.Error:
            raise
        except Exception as error:
            self._book.forget_all()
            log.fault("mail_not_opened", error)
            return self._keep(database, mail.envelope)
        unopened.drop(database, hash_)
        return outcome

    def _keep(self, database: Database, envelope: Envelope) -> Outcome:
        hash_ = envelope_hash(envelope)
        now = self._own.clock.now()
        kept = unopened.keep(database, hash_, str(envelope.from_), envelope.raw, now)
        return Outcome(hash_, "kept" if kept else "full")

    def _take(self, database: Database, mail: Mail, hash_: str) -> tuple[str, int]:
        envelope = mail.envelope
        known = taken.known_hash(database, envelope.from_device, envelope.id)
        if known is not None:
            return ("again" if known == hash_ else "replay"), 0
        verify_envelope(envelope)
        opened = open_mail(
            envelope, self._own.device, self._own.keys.dh, HeldPrekeys(database), mail.certificate.dh
        )
        until = envelope.time + envelope.ttl * 1000
        taken.record(database, envelope.from_device, envelope.id, hash_, until)
        if opened.one_time is not None:
            prekeys.erase_one_time(database, opened.one_time)
        try:
            return self._read(database, mail, opened.plaintext)
        except ProtocolError as error:
            return error.code, 0

    def _read(self, database: Database, mail: Mail, plaintext: bytes) -> tuple[str, int]:
        letter = read_letter(plaintext)
        if (letter.kind == "request") != (mail.envelope.type == "request") or letter.kind in LIVE_KINDS:
            raise ProtocolError("schema", "kind")
        own = mail.sender.account == self._own.account
        if letter.kind == "ack":
            verify_ack(letter.fields["ack"], mail.certificate)
            return "taken", 0
        if letter.kind == "post":
            return self._keep_post(database, letter, own), 0
        if letter.kind not in _KEPT or (letter.kind == "request" and not own):
            return "ignored", 0
        with self._book.attempt(database, letter.swarm):
            if letter.kind == "missing":
                return self._answer(database, mail, letter), 0
            return "taken", self._store(database, mail, letter)

    def _keep_post(self, database: Database, letter: Letter, own: bool) -> str:
        if not own:
            raise ProtocolError("refused", "post")
        posts.take(database, self._own.account, letter, self._own.clock.now())
        return "taken"

    def _store(self, database: Database, mail: Mail, letter: Letter) -> int:
        replica = self._replica(database, mail, letter.swarm, new=True)
        added, authors = 0, set[str]()
        for event in _events(letter):
            outcome = replica.add(event)
            if isinstance(outcome, Added):
                added += len(outcome.events)
                authors.update(self._note(database, replica, outcome))
            elif isinstance(outcome, Duplicate) and event.author == mail.sender.account:
                authors.add(event.author)
        for author in authors:
            outbox.owe_ack(database, author, letter.swarm, self._own.clock.now())
        self._questions.ask(database, mail.sender.account, replica)
        return added

    def _note(self, database: Database, replica: Replica, added: Added) -> set[str]:
        """Make searchable what new events say or change; the events' authors."""
        texts.follow(database, replica, added.events)
        if added.refused:
            log.warn("waiting_events_refused", count=len(added.refused))
        return {event.author for event in added.events}

    def _answer(self, database: Database, mail: Mail, letter: Letter) -> str:
        replica = self._replica(database, mail, letter.swarm, new=False)
        events = lacking.events_by_id(replica.store, letter.fields["events"])
        letters = [make_events(letter.swarm, batch) for batch in lacking.batches(events)]
        if letters and mail.sender.account == self._own.account:
            letters += self._whereabouts(database, letter.swarm, replica)
        device, now = mail.envelope.from_device, self._own.clock.now()
        for each in letters:
            if not outbox.answer(database, mail.sender.account, device, letter.swarm, each, now):
                return "too_many"
        return "taken"

    def _whereabouts(self, database: Database, swarm: str, replica: Replica) -> list[bytes]:
        """Where the other one of a one-to-one conversation lives, for an own device that may not know."""
        peer = self._peer(replica)
        at = None if peer is None else contacts.address_of(database, peer)
        if peer is None or at is None:
            return []
        return [make_whereabouts(swarm, peer, Address.parse(at), "")]

    def _peer(self, replica: Replica) -> str | None:
        """The other account of a one-to-one conversation; None for others and for one with oneself."""
        state = replica.state
        if state.peer is None:
            return None
        others = {*state.members, state.peer} - {self._own.account}
        return min(others) if len(others) == 1 else None

    def _replica(self, database: Database, mail: Mail, swarm: str, *, new: bool) -> Replica:
        """The swarm's replica, if this sender may speak of it."""
        own = mail.sender.account == self._own.account
        replica = self._book.find(database, swarm)
        if replica is None and own and new:
            return self._book.take_in(database, swarm, self._own.clock.now())
        if replica is None or not admitted(replica, self._own.account, mail.sender.account):
            raise ProtocolError("refused", "swarm")
        return replica


def _forget(database: Database, hash_: str, code: str) -> Outcome:
    unopened.drop(database, hash_)
    return Outcome(hash_, code)


def _events(letter: Letter) -> list[SignedEvent]:
    if letter.kind == "request":
        return [read_request(letter)]
    return [read_signed_event(each) for each in letter.fields["events"]]
