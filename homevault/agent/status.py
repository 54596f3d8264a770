"""What `homevault status` tells, as plain data; works beside a running vault and changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from homevault.agent.folder import is_running
from homevault.agent.people import Names
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import parse
from homevault.protocol.fingerprints import safety_number
from homevault.storage.sqlite import account, contacts, outbox, posts, swarms
from homevault.storage.sqlite.account import Pairing
from homevault.storage.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in a conversation; compare `safety_number` with what their screen shows."""

    account: str
    address: str | None
    safety_number: str


@dataclass(frozen=True, slots=True)
class Status:
    """Times in ms since 1970 or None for never, sizes in bytes.

    `link` is `linked`, `trying`, `waiting` (to be paired) or `off`; `trouble` the code of the last failure to
    link; `listed` whether the account still lists this vault; `changed_addresses` have shown another account
    than before.
    """

    data: str
    link: str
    trouble: str | None
    paired: bool
    account: str | None
    address: str | None
    site: str | None
    listed: bool | None
    paired_at: int | None
    linked_at: int | None
    seen_at: int | None
    mail_at: int | None
    list_alarm: int | None
    conversations: int
    events: int
    messages: int
    posts: int
    waiting_events: int
    outgoing: int
    people: tuple[Contact, ...]
    changed_addresses: tuple[str, ...]
    disk_used: int
    disk_free: int
    database_problems: tuple[str, ...]

    def wire(self) -> dict[str, Any]:
        return asdict(self)


def read_status(database: Database, folder: Path) -> Status:
    pairing = account.load(database)
    facts = account.facts(database)
    trouble = facts.get("trouble") or None
    return Status(
        data=str(folder),
        link=_link(is_running(folder), pairing, trouble),
        trouble=str(trouble) if trouble else None,
        paired=pairing is not None,
        account=pairing.account if pairing else None,
        address=str(Address.from_wire(parse(pairing.address))) if pairing else None,
        site=pairing.origin if pairing else None,
        listed=bool(facts["listed"]) if "listed" in facts else None,
        paired_at=pairing.time if pairing else None,
        linked_at=_time(facts, "linked_at"),
        seen_at=_time(facts, "seen_at"),
        mail_at=_time(facts, "mail_at"),
        list_alarm=_time(facts, "list_alarm"),
        conversations=database.number("SELECT count(DISTINCT swarm) FROM events"),
        events=database.number("SELECT count(*) FROM events"),
        messages=database.number("SELECT count(*) FROM texts"),
        posts=posts.count(database),
        waiting_events=database.number("SELECT count(*) FROM parked"),
        outgoing=outbox.count(database),
        people=_people(database, pairing.account) if pairing else (),
        changed_addresses=tuple(contacts.changed_addresses(database)),
        disk_used=database.size(),
        disk_free=shutil.disk_usage(folder).free,
        database_problems=tuple(database.problems()),
    )


def _link(is_running: bool, pairing: Pairing | None, trouble: object) -> str:
    if not is_running:
        return "off"
    if pairing is None:
        return "waiting"
    return "trying" if trouble else "linked"


def _time(facts: dict[str, int | str], name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) else None


def _people(database: Database, own: str) -> tuple[Contact, ...]:
    names = Names(database, own)
    accounts = {each for swarm in swarms.everyone(database) for each in names.others(swarm.swarm) or ()}
    return tuple(
        Contact(each, contacts.address_of(database, each), safety_number(own, each))
        for each in sorted(accounts)
    )
