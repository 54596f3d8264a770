"""Who this vault is, once it is paired: what every part of the agent needs to speak as itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homevault.agent.folder import DeviceKeys
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import parse
from homevault.protocol.envelope import Envelope, make_envelope
from homevault.protocol.ports import Clock, Random
from homevault.storage.sqlite.account import Pairing

LIVE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Own:
    """The paired vault: its account, address and keys, and the ports it signs with."""

    account: str
    address: Address
    keys: DeviceKeys
    clock: Clock
    random: Random

    @property
    def device(self) -> str:
        return self.keys.sign.public

    @property
    def site(self) -> Address:
        return self.address.site_address

    def to_site(self, type: str, fields: Mapping[str, Any]) -> Envelope:
        """A live envelope to the own site."""
        return self.envelope(self.site, type, fields, LIVE_SECONDS)

    def envelope(
        self, to: Address, type: str, fields: Mapping[str, Any], ttl: int, id: str | None = None
    ) -> Envelope:
        """A signed envelope of this device; `ttl` in seconds."""
        return make_envelope(
            self.address,
            to,
            type,
            fields,
            self.keys.sign,
            self.device,
            None,
            self.clock.now(),
            ttl,
            self.random,
            id,
        )


def own_of(pairing: Pairing, keys: DeviceKeys, clock: Clock, random: Random) -> Own:
    return Own(pairing.account, Address.from_wire(parse(pairing.address)), keys, clock, random)
