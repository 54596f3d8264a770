"""Where an account lives now, and who keeps telling when its old site is gone (SPEC 4.13).

A move is signed by the account key, so that no site can make one up; a site can only keep it back.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address, check_address
from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import Certificate, require_names
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

MOVED_PATH = "/.well-known/porchlight/moved/"
MAX_BEACONS = 3
ASK_BEACONS_AFTER = 86_400_000


def _check_site(value: Any, path: str) -> None:
    check_address(value, path)
    if value["username"]:
        raise schema.schema_error(path)


_move = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    number=schema.integer(1),
    address=check_account_address,
    time=schema.time,
    sig=schema.signature,
)
_profile = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    number=schema.integer(1),
    address=check_account_address,
    name=schema.label(),
    beacons=schema.listing(_check_site, 0, MAX_BEACONS),
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Move:
    """The account's word that it lives at `address` from now on."""

    account: str
    number: int
    address: Address
    time: int
    hash: str
    wire: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """A device's word on its account: a name for people, and up to three `beacons`, sites that will serve its
    moves."""

    account: str
    device: str
    number: int
    address: Address
    name: str
    beacons: tuple[Address, ...]
    time: int
    hash: str
    wire: dict[str, Any]


def make_move(account: SignKey, number: int, address: Address, now: int) -> dict[str, Any]:
    """Signed by the account key; `number` is one above the last move's."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account.public,
        "number": number,
        "address": address.wire(),
        "time": now,
    }
    return sign("move", statement, account)


def verify_move(value: Any, account: str | None = None) -> Move:
    """A verified move; of `account`, if one is expected, else `certificate_account`."""
    _move(value, "move")
    if account not in (None, value["account"]):
        raise ProtocolError("certificate_account", "move")
    verify("move", value, value["account"])
    address = Address.from_wire(value["address"])
    return Move(value["account"], value["number"], address, value["time"], object_id("move", value), value)


def make_profile(
    account: str,
    device: SignKey,
    number: int,
    address: Address,
    name: str,
    beacons: tuple[Address, ...],
    now: int,
) -> dict[str, Any]:
    """Signed by a device; `number` is one above the last profile's."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device.public,
        "number": number,
        "address": address.wire(),
        "name": name,
        "beacons": [each.wire() for each in beacons],
        "time": now,
    }
    return sign("profile", statement, device)


def verify_profile(value: Any, certificate: Certificate) -> Profile:
    """A profile signed by the certificate's device; a beacon that stands twice is `schema`."""
    _profile(value, "profile")
    beacons = tuple(Address.from_wire(each) for each in value["beacons"])
    if len(set(beacons)) != len(beacons):
        raise schema.schema_error("beacons")
    require_names(certificate, value["account"], value["device"])
    verify("profile", value, certificate.device)
    return Profile(
        value["account"],
        value["device"],
        value["number"],
        Address.from_wire(value["address"]),
        value["name"],
        beacons,
        value["time"],
        object_id("profile", value),
        value,
    )


Statement = TypeVar("Statement", Move, Profile)


def latest(known: Statement | None, found: Statement) -> Statement:
    """The one with the higher number, of equals the higher id; `certificate_account` if they are not of one
    account."""
    if known is None:
        return found
    if known.account != found.account:
        raise ProtocolError("certificate_account")
    return max(known, found, key=lambda each: (each.number, each.hash))


def ask_beacons(failing_since: int | None, now: int) -> bool:
    """Whether the beacons should be asked: the account's site fails for a day."""
    return failing_since is not None and now - failing_since >= ASK_BEACONS_AFTER
