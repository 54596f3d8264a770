"""Which devices are an account's: device certificates and the numbered device list (SPEC 4.1, 4.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from homevault.protocol import schema
from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

ROLES = ("root", "member", "vault", "visitor")
Role = Literal["root", "member", "vault", "visitor"]
MAX_DEVICES = 16

_certificate = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    dh=schema.key,
    role=schema.one_of(*ROLES),
    time=schema.time,
    sig=schema.signature,
)
_list = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    number=schema.integer(1),
    devices=schema.listing(_certificate, 1, MAX_DEVICES),
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The account's word that a device (its Ed25519 key and its X25519 key `dh`) is its own."""

    account: str
    device: str
    dh: str
    role: Role
    time: int
    wire: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeviceList:
    """All devices of an account at one time; `devices` by device id, ascending."""

    account: str
    number: int
    devices: dict[str, Certificate]
    time: int
    wire: dict[str, Any]


def make_certificate(account: SignKey, device: str, dh: str, role: Role, now: int) -> dict[str, Any]:
    """A device certificate signed by the account key."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account.public,
        "device": device,
        "dh": dh,
        "role": role,
        "time": now,
    }
    return sign("device-certificate", statement, account)


def check_certificate(value: Any, path: str = "certificate") -> None:
    """The form alone, for statements that carry one."""
    _certificate(value, path)


def verify_certificate(value: Any) -> Certificate:
    """The certificate of a signed statement; `schema`, `encoding` or `signature`."""
    _certificate(value, "certificate")
    verify("device-certificate", value, value["account"])
    return _read(value)


def _read(value: dict[str, Any]) -> Certificate:
    return Certificate(value["account"], value["device"], value["dh"], value["role"], value["time"], value)


def require_names(certificate: Certificate, account: str, device: str) -> None:
    """`certificate_account` or `certificate_device` unless it is that device of that account."""
    if certificate.account != account:
        raise ProtocolError("certificate_account")
    if certificate.device != device:
        raise ProtocolError("certificate_device")


def make_device_list(
    account: SignKey, number: int, certificates: Iterable[Mapping[str, Any]], now: int
) -> dict[str, Any]:
    """A device list signed by the account key; the certificates may come in any order."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account.public,
        "number": number,
        "devices": sorted((dict(each) for each in certificates), key=lambda each: str(each["device"])),
        "time": now,
    }
    return sign("device-list", statement, account)


def verify_device_list(value: Any) -> DeviceList:
    """The list of a signed statement, every certificate in it verified."""
    _list(value, "list")
    account, devices = value["account"], value["devices"]
    if any(each["account"] != account for each in devices):
        raise ProtocolError("certificate_account", "devices")
    if not schema.ascending([each["device"] for each in devices]):
        raise ProtocolError("device_list_order", "devices")
    verify("device-list", value, account)
    found = {each["device"]: verify_certificate(each) for each in devices}
    return DeviceList(account, value["number"], found, value["time"], value)


def check_newer(known: DeviceList | None, new: DeviceList) -> bool:
    """True if `new` replaces `known`, false if it is the same; `device_list_stale` or `device_list_conflict`,
    and `certificate_account` for another account's list."""
    if known is None:
        return True
    if known.account != new.account:
        raise ProtocolError("certificate_account", "account")
    if new.number < known.number:
        raise ProtocolError("device_list_stale", "number")
    if new.number == known.number and canonical(new.wire) != canonical(known.wire):
        raise ProtocolError("device_list_conflict", "number")
    return new.number > known.number
