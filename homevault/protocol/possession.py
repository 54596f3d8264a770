"""A device's word at which address its account is enrolled (SPEC 4.15)."""

from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.certificates import DeviceList
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

LATE = 300_000

_possession = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    address=check_account_address,
    time=schema.time,
    sig=schema.signature,
)


def make_possession(account: str, device: SignKey, address: Address, now: int) -> dict[str, Any]:
    """Signed by the device."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device.public,
        "address": address.wire(),
        "time": now,
    }
    return sign("possession", statement, device)


def verify_possession(value: Any, devices: DeviceList, address: Address, now: int) -> str:
    """The device of `devices` that has just said so about `address`.

    Raises ProtocolError: `schema`, `address`, `encoding`; `certificate_account` or `certificate_device` for
    one that the list does not name; `signature`; `not_proven` for another address; `clock` for another time.
    """
    _possession(value, "possession")
    if value["account"] != devices.account:
        raise ProtocolError("certificate_account", "possession")
    if value["device"] not in devices.devices:
        raise ProtocolError("certificate_device", "possession")
    verify("possession", value, value["device"])
    if Address.from_wire(value["address"]) != address:
        raise ProtocolError("not_proven", "address")
    if abs(now - value["time"]) > LATE:
        raise ProtocolError("clock", "possession")
    return str(value["device"])
