"""How accounts and conversations are called on screen: by address if one is known, else by the id's start."""

from __future__ import annotations

from dataclasses import dataclass

from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import contacts, swarms
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.events import SqliteEvents

SHORT = 8


@dataclass(frozen=True, slots=True)
class Names:
    """Reads names out of the store for one command."""

    database: Database
    own: str

    def account(self, account: str) -> str:
        if account == self.own:
            return "you"
        return contacts.address_of(self.database, account) or f"{account[:SHORT]}…"

    def conversation(self, swarm: str) -> str:
        """The other people in it."""
        others = self.others(swarm)
        if others is None:
            return f"{swarm[:SHORT]}…"
        return ", ".join(self.account(each) for each in others) or "yourself"

    def others(self, swarm: str) -> list[str] | None:
        """The accounts in it besides the own; None while the conversation's beginning is missing."""
        row = swarms.get(self.database, swarm)
        if row is None:
            return None
        try:
            state = Replica(SqliteEvents(self.database, row.number), swarm).state
        except LookupError:
            return None
        return sorted(state.members.union([state.peer] if state.peer else []) - {self.own})
