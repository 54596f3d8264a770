"""A device's daily word that a device list and a set of revocations are its account's newest (SPEC 4.11).

It is what a site that serves an old list cannot make: without it the list looks older every day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import Certificate, DeviceList
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.revocations import MAX_REVOCATIONS, revocations_hash
from homevault.protocol.schema import SUITE, VERSION

VOUCHING_ROLES = ("root", "vault")

_freshness = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    number=schema.integer(1),
    list=schema.key,
    revoked=schema.integer(0, MAX_REVOCATIONS),
    revocations=schema.key,
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`list` is the hash of the device list with `number`, `revocations` that of the set of the `revoked`
    devices (how many)."""

    account: str
    device: str
    number: int
    list: str
    revoked: int
    revocations: str
    time: int
    wire: dict[str, Any]


def list_hash(devices: DeviceList) -> str:
    """The id of a device list, its signature included."""
    return object_id("device-list", devices.wire)


def make_freshness(
    device: SignKey, devices: DeviceList, revoked: Collection[str], now: int
) -> dict[str, Any]:
    """Signed by a listed device with the role `root` or `vault`."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": devices.account,
        "device": device.public,
        "number": devices.number,
        "list": list_hash(devices),
        "revoked": len(revoked),
        "revocations": revocations_hash(devices.account, revoked),
        "time": now,
    }
    return sign("freshness", statement, device)


def may_vouch(device: Certificate | None) -> bool:
    """Whether a listed device is one whose word on freshness counts; none is none."""
    return device is not None and device.role in VOUCHING_ROLES


def verify_freshness(value: Any, devices: DeviceList) -> Freshness:
    """A statement of one of the listed devices, about this list or another number of it.

    `certificate_account` for another account's, `certificate_device` unless the list has its device as `root`
    or `vault`.
    """
    _freshness(value, "freshness")
    if value["account"] != devices.account:
        raise ProtocolError("certificate_account", "freshness")
    if not may_vouch(devices.devices.get(value["device"])):
        raise ProtocolError("certificate_device", "freshness")
    verify("freshness", value, value["device"])
    return Freshness(
        value["account"],
        value["device"],
        value["number"],
        value["list"],
        value["revoked"],
        value["revocations"],
        value["time"],
        value,
    )
