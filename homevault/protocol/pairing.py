"""Pairing a vault: two devices agree on keys through a site that could swap them (SPEC 4.8).

Sans-io: a message is `(step, payload)`, as the members of a `pair` envelope. A broken rule raises; the
shell sends `abort` with the code and drops the exchange.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.canonical import canonical, object_id, tag
from homevault.protocol.certificates import (
    Certificate,
    DeviceList,
    require_names,
    verify_certificate,
    verify_device_list,
)
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError, from_wire
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import Clock, Random
from homevault.protocol.schema import Check

Message = tuple[str, dict[str, Any]]

ATTEMPTS = 5
HOUR = 3_600_000
_DIGITS = 1_000_000


_any = schema.opened()
_FORMS: dict[str, Check] = {
    "open": schema.closed(account=schema.key, device=schema.key, commit=schema.key),
    "commit": schema.closed(commit=schema.key),
    "browser reveal": schema.closed(nonce=schema.nonce),
    "vault reveal": schema.closed(device=schema.key, dh=schema.key, name=schema.label(), nonce=schema.nonce),
    "certificate": schema.closed(
        certificate=_any, list=_any, address=check_account_address, site_key=schema.key
    ),
    "done": schema.closed(),
    "abort": schema.closed(code=schema.label()),
}


@dataclass(frozen=True, slots=True)
class PairedVault:
    """What the vault revealed: its device id, its `dh` key and the name it gives itself."""

    device: str
    dh: str
    name: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What makes a vault one of an account's devices; `site_key` is to be pinned."""

    certificate: Certificate
    list: DeviceList
    address: Address
    site_key: str


def abort(code: str) -> Message:
    """The message that ends the exchange from either side."""
    return ("abort", {"code": code})


def pairing_code(
    account: str, browser: str, vault: str, dh: str, browser_nonce: str, vault_nonce: str
) -> str:
    """The six digits that both sides show."""
    agreed = {
        "account": account,
        "browser": browser,
        "vault": vault,
        "dh": dh,
        "browser_nonce": browser_nonce,
        "vault_nonce": vault_nonce,
    }
    digest = hashlib.sha256(tag("pairing") + canonical(agreed)).digest()
    return f"{int.from_bytes(digest[:8], 'big') % _DIGITS:06d}"


def commitment(**revealed: str) -> str:
    """The commitment to what will be revealed."""
    return object_id("pairing-commit", revealed)


def _expect(wanted: str, step: str, payload: Any) -> dict[str, Any]:
    """The payload of the step that is due. An `abort` raises its code, another step `schema`."""
    if step == "abort":
        _FORMS["abort"](payload, "abort")
        raise from_wire(payload["code"], "abort")
    if step != wanted.split()[-1]:
        raise ProtocolError("schema", "step")
    _FORMS[wanted](payload, wanted)
    return dict(payload)


class BrowserPairing:
    """The root-holding side. Send `start()`, then what `receive` returns. Once `code` is there the person
    compares; then send `enrol(…)`, and wait for `done`."""

    def __init__(self, account: str, device: str, random: Random) -> None:
        self._account = account
        self._device = device
        self._nonce = b64encode(random.bytes(16))
        self._commit: str | None = None
        self._enrolled = False
        self.code: str | None = None
        self.vault: PairedVault | None = None
        self.done = False

    def start(self) -> Message:
        commit = commitment(account=self._account, device=self._device, nonce=self._nonce)
        return ("open", {"account": self._account, "device": self._device, "commit": commit})

    def receive(self, step: str, payload: Any) -> list[Message]:
        """The messages to send back."""
        if self._commit is None:
            self._commit = _expect("commit", step, payload)["commit"]
            return [("reveal", {"nonce": self._nonce})]
        if self.vault is None:
            self._reveal(_expect("vault reveal", step, payload))
            return []
        _expect("done", step, payload)
        if not self._enrolled:
            raise ProtocolError("schema", "step")
        self.done = True
        return []

    def _reveal(self, vault: dict[str, Any]) -> None:
        device, dh, nonce = vault["device"], vault["dh"], vault["nonce"]
        if commitment(device=device, dh=dh, nonce=nonce) != self._commit:
            raise ProtocolError("pairing_commitment")
        self.vault = PairedVault(device, dh, vault["name"])
        self.code = pairing_code(self._account, self._device, device, dh, self._nonce, nonce)

    def enrol(
        self, certificate: Mapping[str, Any], list: Mapping[str, Any], address: Address, site_key: str
    ) -> Message:
        """The message for after the person found the codes equal."""
        if self.vault is None:
            raise ProtocolError("schema", "step")
        self._enrolled = True
        payload = {
            "certificate": dict(certificate),
            "list": dict(list),
            "address": address.wire(),
            "site_key": site_key,
        }
        return ("certificate", payload)


class VaultPairing:
    """The vault's side of one exchange. `code` is there after the reveal, `enrolment` after the
    certificate: store it durably, then send `done()`."""

    def __init__(self, key: SignKey, dh: DhKey, name: str, random: Random) -> None:
        self._device = key.public
        self._dh = dh.public
        self._name = name
        self._nonce = b64encode(random.bytes(16))
        self._opened: dict[str, Any] | None = None
        self.code: str | None = None
        self.enrolment: Enrolment | None = None

    def receive(self, step: str, payload: Any) -> list[Message]:
        """The messages to send back."""
        if self._opened is None:
            self._opened = _expect("open", step, payload)
            commit = commitment(device=self._device, dh=self._dh, nonce=self._nonce)
            return [("commit", {"commit": commit})]
        if self.code is None:
            return self._reveal(self._opened, _expect("browser reveal", step, payload)["nonce"])
        if self.enrolment is not None:
            raise ProtocolError("schema", "step")
        self.enrolment = self._enrol(self._opened, _expect("certificate", step, payload))
        return []

    def _reveal(self, opened: dict[str, Any], nonce: str) -> list[Message]:
        account, browser = opened["account"], opened["device"]
        if commitment(account=account, device=browser, nonce=nonce) != opened["commit"]:
            raise ProtocolError("pairing_commitment")
        self.code = pairing_code(account, browser, self._device, self._dh, nonce, self._nonce)
        revealed = {"device": self._device, "dh": self._dh, "name": self._name, "nonce": self._nonce}
        return [("reveal", revealed)]

    def _enrol(self, opened: dict[str, Any], given: dict[str, Any]) -> Enrolment:
        certificate = verify_certificate(given["certificate"])
        devices = verify_device_list(given["list"])
        require_names(certificate, opened["account"], self._device)
        if devices.account != certificate.account:
            raise ProtocolError("certificate_account", "list")
        listed = devices.devices.get(self._device)
        if certificate.dh != self._dh or listed is None or listed.wire != certificate.wire:
            raise ProtocolError("certificate_device", "list")
        return Enrolment(certificate, devices, Address.from_wire(given["address"]), given["site_key"])

    def done(self) -> Message:
        """The last message, for after the enrolment is stored."""
        return ("done", {})


class PairingLimit:
    """At most five exchanges an hour, one at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: list[int] = []
        self._busy = False

    def begin(self) -> None:
        """Before the first step; `pairing_busy` if there is another exchange or there were too many."""
        now = self._clock.now()
        self._begun = [at for at in self._begun if at > now - HOUR]
        if self._busy or len(self._begun) >= ATTEMPTS:
            raise ProtocolError("pairing_busy")
        self._begun.append(now)
        self._busy = True

    def end(self) -> None:
        """The exchange is over, well or badly."""
        self._busy = False
