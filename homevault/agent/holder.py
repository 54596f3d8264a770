"""The PrekeyHolder port of the core on the vault's database. Reading never erases."""

from __future__ import annotations

from homevault.protocol.keys import DhKey
from homevault.storage.sqlite import prekeys
from homevault.storage.sqlite.database import Database


class HeldPrekeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    def signed(self, public: str) -> DhKey | None:
        return self._key(public, one_time=False)

    def one_time(self, public: str) -> DhKey | None:
        return self._key(public, one_time=True)

    def _key(self, public: str, *, one_time: bool) -> DhKey | None:
        secret = prekeys.find(self._database, public, one_time=one_time)
        return DhKey.from_secret(secret) if secret is not None else None
