"""The next device list of an account: a device more, a device less, or anew from the recovery phrase (SPEC
4.14). Pure; whoever calls has the account key in memory for as long as this takes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homevault.protocol.certificates import (
    MAX_DEVICES,
    Certificate,
    DeviceList,
    make_device_list,
)
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.knowledge import KeyKnowledge
from homevault.protocol.phrase import seed_from_phrase
from homevault.protocol.revocations import Revocations, make_revocation, unite

VOUCHED_AHEAD = 1_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A signed list as on the wire, and the revocations that are to go out with it."""

    list: dict[str, Any]
    revocations: Revocations


def account_key(phrase: str, account: str | None = None) -> SignKey:
    """The account key of a typed phrase. `recovery_phrase`; `certificate_account` if it is not that of the
    account expected."""
    key = SignKey.from_seed(seed_from_phrase(phrase))
    if account not in (None, key.public):
        raise ProtocolError("certificate_account", "phrase")
    return key


def list_with(key: SignKey, known: DeviceList, certificate: Mapping[str, Any], now: int) -> dict[str, Any]:
    """One number higher, with a device more (another certificate of the same device is replaced); `too_many`
    beyond 16."""
    devices = {id: each.wire for id, each in known.devices.items()}
    devices[certificate["device"]] = dict(certificate)
    return _listed(key, known.number + 1, devices.values(), now)


def list_without(key: SignKey, known: DeviceList, device: str, now: int) -> dict[str, Any]:
    """One number higher, without a device; `schema` if none would be left."""
    left = [each.wire for id, each in known.devices.items() if id != device]
    return _listed(key, known.number + 1, left, now)


def rebuild(key: SignKey, found: Sequence[KeyKnowledge], keep: Iterable[Certificate], now: int) -> Rebuilt:
    """The list of the devices to `keep`, its number above every number that the site and contacts knew of or
    that a device vouched for; every other device they named is revoked.

    `certificate_account` for knowledge of another account, `certificate_device` for a device to keep that is
    revoked.
    """
    if any(each.list.account != key.public for each in found):
        raise ProtocolError("certificate_account", "found")
    kept = {each.device: each for each in keep}
    revocations = Revocations()
    for each in found:
        revocations = unite(revocations, each.revocations)
    if kept.keys() & revocations.keys():
        raise ProtocolError("certificate_device", "keep")
    named = {device for each in found for device in each.list.devices}
    gone = sorted(named - kept.keys() - revocations.keys())
    fresh = {device: make_revocation(key, key.public, device, now) for device in gone}
    listed = _listed(key, _highest(found) + 1, [each.wire for each in kept.values()], now)
    return Rebuilt(listed, unite(revocations, fresh))


def _highest(found: Sequence[KeyKnowledge]) -> int:
    """The highest number there was. A device's word counts only near a list that the account signed, so that
    a stolen vault cannot use the numbers up."""
    signed = max((each.list.number for each in found), default=0)
    vouched = [each.freshness.number for each in found if each.freshness]
    return max([signed, *(number for number in vouched if number <= signed + VOUCHED_AHEAD)])


def _listed(key: SignKey, number: int, devices: Collection[Mapping[str, Any]], now: int) -> dict[str, Any]:
    if len(devices) > MAX_DEVICES:
        raise ProtocolError("too_many", "devices")
    if not devices:
        raise ProtocolError("schema", "devices")
    return make_device_list(key, number, devices, now)
