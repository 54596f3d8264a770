"""People with real keys, for tests that talk to a site: an account key, its devices, their statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.certificates import Role, make_certificate, make_device_list
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import SystemClock, SystemRandom
from homevault.protocol.possession import make_possession
from homevault.protocol.prekeys import make_one_time, make_signed_prekey
from homevault.protocol.revocations import make_revocation

RANDOM = SystemRandom()
CLOCK = SystemClock()


@dataclass
class Device:
    """One device with its private halves."""

    account: SignKey
    role: Role = "root"
    key: SignKey = field(default_factory=lambda: SignKey.generate(RANDOM))
    dh: DhKey = field(default_factory=lambda: DhKey.generate(RANDOM))
    prekey: DhKey = field(default_factory=lambda: DhKey.generate(RANDOM))

    @property
    def id(self) -> str:
        return self.key.public

    def certificate(self) -> dict[str, Any]:
        return make_certificate(self.account, self.id, self.dh.public, self.role, CLOCK.now())

    def signed_prekey(self, time: int | None = None) -> dict[str, Any]:
        return make_signed_prekey(self.account.public, self.key, self.prekey.public, time or CLOCK.now())

    def one_time(self, count: int) -> dict[str, Any]:
        keys = [DhKey.generate(RANDOM).public for _ in range(count)]
        return make_one_time(self.account.public, self.key, keys, CLOCK.now())


@dataclass
class Identity:
    """An account key and its devices; a browser to begin with."""

    account: SignKey = field(default_factory=lambda: SignKey.generate(RANDOM))
    devices: list[Device] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.devices:
            self.add("root")

    def add(self, role: Role) -> Device:
        device = Device(self.account, role)
        self.devices.append(device)
        return device

    @property
    def browser(self) -> Device:
        return self.devices[0]

    def revocation(self, device: Device) -> dict[str, Any]:
        return make_revocation(self.account, self.account.public, device.id, CLOCK.now())

    def possession(self, address: Address) -> dict[str, Any]:
        """The first device's word that its account is enrolled there."""
        return make_possession(self.account.public, self.browser.key, address, CLOCK.now())

    def device_list(self, number: int = 1) -> dict[str, Any]:
        certificates = [device.certificate() for device in self.devices]
        return make_device_list(self.account, number, certificates, CLOCK.now())
