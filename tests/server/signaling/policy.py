"""A policy held in memory and in two files of `RELAY_DATA`: the site's seed, and who lives here.

`members.json` maps a username to {device: role}; it is read again at each question, so that a test changes it
by writing it. What goes to other sites is appended to `forwarded`, a line an envelope.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import Hello
from homevault.protocol.keys import SignKey
from signaling.policy import Admitted

DATA = Path(os.environ["RELAY_DATA"])
HOST = "localhost"
PORT = int(os.environ["RELAY_PORT"])
BLOCKED = "blocked"
UNWANTED = "unwanted"
GREETED = "greeted"
LIMITED = "limited"


class TestPolicy:
    def __init__(self) -> None:
        self._key = SignKey.from_seed(bytes.fromhex((DATA / "seed").read_text()))

    def site_key(self) -> SignKey:
        return self._key

    def site_address(self) -> Address:
        return Address.make(HOST, PORT)

    def origins(self) -> frozenset[str]:
        return frozenset({f"http://{HOST}:{PORT}"})

    def _members(self) -> dict[str, dict[str, str]]:
        return dict(json.loads((DATA / "members.json").read_text()))

    async def admit(self, hello: Hello, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Admitted:
        role = self._members().get(hello.address.username, {}).get(hello.key)
        browser = "origin" in headers
        if role is None or (browser and cookies.get("session") != hello.address.username):
            raise ProtocolError("refused", "device")
        name, login = hello.address.username, cookies.get("session", "")
        return Admitted("account of " + name, name, hello.key, role, login)

    async def member_of(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> str:
        return cookies.get("session", "") if "origin" in headers else ""

    async def arrived(self, admitted: Admitted) -> list[dict[str, Any]]:
        return [{"type": "notice", "fields": {"text": "hello"}}] if admitted.username == GREETED else []

    async def may_reach(self, admitted: Admitted) -> None:
        if admitted.username == LIMITED and not (DATA / "free").exists():
            raise ProtocolError("blocked")

    def seen(self, admitted: Admitted) -> None:
        pass

    async def devices_of(self, username: str) -> set[str] | None:
        found = self._members().get(username)
        return None if found is None else set(found)

    async def forward(self, raw: bytes, env: Envelope) -> None:
        with (DATA / "forwarded").open("ab") as file:
            file.write(raw + b"\n")

    async def site_request(self, env: Envelope) -> list[dict[str, Any]] | None:
        if env.type != "keys":
            return None
        if env.data["claim"]:
            raise RuntimeError("a fault of the site")
        return [{"type": "keys-result", "fields": {"ref": env.id, "keys": None, "one_time": None}}]

    async def may_tell(self, env: Envelope) -> bool:
        return UNWANTED not in (env.from_.username, env.to.username)

    async def may_mail(self, env: Envelope) -> bool:
        if env.from_.username == BLOCKED:
            raise ProtocolError("refused", "blocked")
        return env.from_.username != UNWANTED


policy = TestPolicy()
