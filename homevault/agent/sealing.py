"""Turning what is owed into sealed mail: acks, questions, answers (SPEC 5.3, 6.6)."""

from __future__ import annotations

from homevault.agent.book import Book
from homevault.agent.directory import Person
from homevault.agent.own import Own
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, new_id
from homevault.protocol.letters import make_ack, make_ack_letter, make_missing
from homevault.protocol.prekeys import recipients
from homevault.protocol.seal import Recipient, envelope_context, seal_mail
from homevault.storage.sqlite import outbox
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.outbox import Task

MAIL_SECONDS = 2_592_000


def seal_tasks(
    database: Database, own: Own, book: Book, to: Address, person: Person, tasks: list[Task]
) -> int:
    """Seal tasks for one person, in the caller's transaction; how many became envelopes. A task that has
    become pointless, or has no device to go to, is dropped."""
    made = 0
    for task in tasks:
        letter = letter_of(database, own, book, task)
        to_devices = recipients_of(own, person, task.device)
        if letter is None or not to_devices:
            outbox.drop(database, task.row)
            continue
        envelope = seal_letter(own, to, letter, to_devices)
        outbox.seal_task(database, task.row, envelope.id, envelope.raw)
        made += 1
    return made


def letter_of(database: Database, own: Own, book: Book, task: Task) -> bytes | None:
    """The letter as things stand now; None if there is nothing left to say."""
    if task.letter is not None:
        return task.letter
    replica = book.find(database, task.swarm)
    if replica is None:
        return None
    if task.kind == "missing":
        wanted = [id_ for id_ in task.events if replica.store.get(id_) is None]
        return make_missing(task.swarm, wanted) if wanted else None
    if not replica.heads:
        return None
    return make_ack_letter(make_ack(own.keys.sign, own.account, task.swarm, replica.heads, own.clock.now()))


def recipients_of(own: Own, person: Person, only: str | None) -> list[Recipient]:
    """The devices to seal to, without this vault; just `only` if that is given."""
    if person.keys is None:
        return []
    found = recipients(person.knowledge, person.keys.prekeys, person.one_time or {}, own.clock.now())
    return [each for each in found if each.device != own.device and only in (None, each.device)]


def seal_letter(own: Own, to: Address, letter: bytes, recipients: list[Recipient]) -> Envelope:
    id_ = new_id(own.random)
    context = envelope_context(own.address.wire(), own.device, id_, to.wire(), "mail")
    fields = seal_mail(letter, context, own.keys.dh, recipients, own.random)
    return own.envelope(to, "mail", fields, MAIL_SECONDS, id_)
