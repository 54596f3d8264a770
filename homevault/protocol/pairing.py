"""Linking a new device, a vault or a browser, to an account through a site that could swap keys (SPEC 4.8).

The *holder* has the account key, the *newcomer* waits. A person compares the code that both show, or the
holder's camera scans the newcomer's ticket, which proves each to the other without comparing.

Sans-io: a message is `(step, payload)`, as the members of a `pair` envelope. A broken rule raises; the shell
sends `abort` with the code and drops the exchange.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.canonical import canonical, object_id, tag
from homevault.protocol.certificates import (
    Certificate,
    DeviceList,
    Role,
    require_names,
    verify_certificate,
    verify_device_list,
)
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError, from_wire
from homevault.protocol.ports import Clock, Random
from homevault.protocol.schema import Check
from homevault.protocol.ticket import SECRET_BYTES, Ticket

Message = tuple[str, dict[str, Any]]

ATTEMPTS = 5
HOUR = 3_600_000
_DIGITS = 1_000_000
NEWCOMER_ROLES = ("vault", "member")

_any = schema.opened()
_FORMS: dict[str, Check] = {
    "open": schema.closed(account=schema.key, device=schema.key, commit=schema.key),
    "commit": schema.closed(commit=schema.key),
    "holder reveal": schema.closed(nonce=schema.nonce),
    "newcomer reveal": schema.closed(
        device=schema.key,
        dh=schema.key,
        name=schema.label(),
        nonce=schema.nonce,
        role=schema.one_of(*NEWCOMER_ROLES),
    ),
    "certificate": schema.closed(
        certificate=_any,
        list=_any,
        address=check_account_address,
        site_key=schema.key,
        proof=schema.nullable(schema.key),
    ),
    "done": schema.closed(),
    "abort": schema.closed(code=schema.label()),
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the newcomer is: its device id, its `dh` key, the name it gives itself, and the role it asks
    for."""

    device: str
    dh: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What makes the newcomer one of an account's devices; `site_key` is to be pinned. `proven`: the holder
    scanned the ticket; otherwise the newcomer's person must have found the codes equal before this counts."""

    certificate: Certificate
    list: DeviceList
    address: Address
    site_key: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both sides have when they are done revealing: account, device ids, keys and nonces."""

    account: str
    holder: str
    newcomer: str
    dh: str
    role: Role
    holder_nonce: str
    newcomer_nonce: str

    def code(self) -> str:
        """The six digits that both sides show."""
        digest = hashlib.sha256(tag("pairing") + canonical(asdict(self))).digest()
        return f"{int.from_bytes(digest[:8], 'big') % _DIGITS:06d}"

    def proof(self, secret: str) -> str:
        """What only somebody who scanned the ticket can say of this exchange."""
        signed = tag("pairing-proof") + canonical(asdict(self))
        return b64encode(hmac.digest(b64decode(secret, SECRET_BYTES), signed, hashlib.sha256))


def abort(code: str) -> Message:
    """The message that ends the exchange from either side."""
    return ("abort", {"code": code})


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


class HolderPairing:
    """The side with the account key. Send `start()`, then what `receive` returns. Once `code` is there the
    person compares, unless a ticket was scanned; then send `enrol(…)`, and wait for `done`."""

    def __init__(self, account: str, device: str, random: Random, ticket: Ticket | None = None) -> None:
        self._account = account
        self._device = device
        self._nonce = b64encode(random.bytes(16))
        self._ticket = ticket
        self._commit: str | None = None
        self._agreed: Agreed | None = None
        self._enrolled = False
        self.newcomer: Newcomer | None = None
        self.done = False

    @property
    def code(self) -> str | None:
        return self._agreed.code() if self._agreed else None

    def start(self) -> Message:
        commit = commitment(account=self._account, device=self._device, nonce=self._nonce)
        return ("open", {"account": self._account, "device": self._device, "commit": commit})

    def receive(self, step: str, payload: Any) -> list[Message]:
        """The messages to send back."""
        if self._commit is None:
            return self._committed(_expect("commit", step, payload)["commit"])
        if self._agreed is None:
            self._reveal(_expect("newcomer reveal", step, payload))
            return []
        _expect("done", step, payload)
        if not self._enrolled:
            raise ProtocolError("schema", "step")
        self.done = True
        return []

    def _committed(self, commit: str) -> list[Message]:
        if self._ticket is not None and commit != self._ticket.commit:
            raise ProtocolError("pairing_commitment", "ticket")
        self._commit = commit
        return [("reveal", {"nonce": self._nonce})]

    def _reveal(self, shown: dict[str, Any]) -> None:
        device, dh, role, nonce = shown["device"], shown["dh"], shown["role"], shown["nonce"]
        if commitment(device=device, dh=dh, nonce=nonce, role=role) != self._commit:
            raise ProtocolError("pairing_commitment")
        self.newcomer = Newcomer(device, dh, shown["name"], role)
        self._agreed = Agreed(self._account, self._device, device, dh, role, self._nonce, nonce)

    def enrol(
        self, certificate: Mapping[str, Any], list: Mapping[str, Any], address: Address, site_key: str
    ) -> Message:
        """The message for after the person found the codes equal, or scanned the ticket."""
        if self._agreed is None:
            raise ProtocolError("schema", "step")
        self._enrolled = True
        payload = {
            "certificate": dict(certificate),
            "list": dict(list),
            "address": address.wire(),
            "site_key": site_key,
            "proof": self._agreed.proof(self._ticket.secret) if self._ticket else None,
        }
        return ("certificate", payload)


class NewcomerPairing:
    """The waiting side of one exchange. `code` is there after the reveal, `enrolment` after the certificate:
    store it durably, then send `done()`."""

    def __init__(self, newcomer: Newcomer, random: Random) -> None:
        self._self = newcomer
        self._nonce = b64encode(random.bytes(16))
        self._secret = b64encode(random.bytes(SECRET_BYTES))
        self._opened: dict[str, Any] | None = None
        self._agreed: Agreed | None = None
        self.enrolment: Enrolment | None = None

    @property
    def code(self) -> str | None:
        return self._agreed.code() if self._agreed else None

    @property
    def _commit(self) -> str:
        own = self._self
        return commitment(device=own.device, dh=own.dh, nonce=self._nonce, role=own.role)

    def ticket(self, slot: str) -> Ticket:
        """To be shown, for this exchange only."""
        return Ticket(slot, self._commit, self._secret)

    def receive(self, step: str, payload: Any) -> list[Message]:
        """The messages to send back."""
        if self._opened is None:
            self._opened = _expect("open", step, payload)
            return [("commit", {"commit": self._commit})]
        if self._agreed is None:
            return self._reveal(self._opened, _expect("holder reveal", step, payload)["nonce"])
        if self.enrolment is not None:
            raise ProtocolError("schema", "step")
        self.enrolment = self._enrol(self._agreed, _expect("certificate", step, payload))
        return []

    def _reveal(self, opened: dict[str, Any], nonce: str) -> list[Message]:
        account, holder, own = opened["account"], opened["device"], self._self
        if commitment(account=account, device=holder, nonce=nonce) != opened["commit"]:
            raise ProtocolError("pairing_commitment")
        self._agreed = Agreed(account, holder, own.device, own.dh, own.role, nonce, self._nonce)
        return [("reveal", {**asdict(own), "nonce": self._nonce})]

    def _enrol(self, agreed: Agreed, given: dict[str, Any]) -> Enrolment:
        certificate = verify_certificate(given["certificate"])
        devices = verify_device_list(given["list"])
        require_names(certificate, agreed.account, agreed.newcomer)
        if devices.account != certificate.account:
            raise ProtocolError("certificate_account", "list")
        listed = devices.devices.get(agreed.newcomer)
        named = (certificate.dh, certificate.role) == (agreed.dh, agreed.role)
        if not named or listed is None or listed.wire != certificate.wire:
            raise ProtocolError("certificate_device", "list")
        if given["proof"] not in (None, agreed.proof(self._secret)):
            raise ProtocolError("not_proven", "proof")
        address = Address.from_wire(given["address"])
        return Enrolment(certificate, devices, address, given["site_key"], given["proof"] is not None)

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
