"""People with seeded keys for tests, and a prekey holder of plain dictionaries."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.certificates import Certificate, make_certificate, verify_certificate
from homevault.protocol.keys import DhKey, SignKey

NOW = 1_790_000_000_000


class SeededRandom:
    """The same bytes in every run: SHA-256 in counter mode over a label."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.count = 0

    def bytes(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += hashlib.sha256(f"{self.label}/{self.count}".encode()).digest()
            self.count += 1
        return found[:count]


@dataclass
class Prekeys:
    """The private prekeys of one device; holds what it is given."""

    signed_keys: dict[str, DhKey] = field(default_factory=dict)
    one_time_keys: dict[str, DhKey] = field(default_factory=dict)

    def signed(self, public: str) -> DhKey | None:
        return self.signed_keys.get(public)

    def one_time(self, public: str) -> DhKey | None:
        return self.one_time_keys.get(public)


class Device:
    """A certified device of an account."""

    def __init__(self, account: SignKey, label: str, role: Any = "root") -> None:
        random = SeededRandom(label)
        self.key = SignKey.generate(random)
        self.dh = DhKey.generate(random)
        self.prekey = DhKey.generate(random)
        self.one_time = DhKey.generate(random)
        self.wire = make_certificate(account, self.key.public, self.dh.public, role, NOW)
        self.certificate: Certificate = verify_certificate(self.wire)

    @property
    def id(self) -> str:
        return self.key.public

    @property
    def prekeys(self) -> Prekeys:
        return Prekeys({self.prekey.public: self.prekey}, {self.one_time.public: self.one_time})


class Person:
    """An account with a browser and a vault, living at `<name>.example`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.key = SignKey.generate(SeededRandom(f"{name}/account"))
        self.browser = Device(self.key, f"{name}/browser")
        self.vault = Device(self.key, f"{name}/vault", "vault")
        self.address = Address.make(f"{name}.example", 443, name)

    @property
    def account(self) -> str:
        return self.key.public
