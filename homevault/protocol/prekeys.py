"""Keys that others seal to, and the document a site serves them in (SPEC 4.3, 4.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.certificates import (
    MAX_DEVICES,
    Certificate,
    DeviceList,
    require_names,
    verify_device_list,
)
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import verify_freshness
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.knowledge import KeyKnowledge
from homevault.protocol.revocations import verify_revocations
from homevault.protocol.rotation import is_dormant
from homevault.protocol.schema import SUITE, VERSION
from homevault.protocol.seal import Recipient

MAX_ONE_TIME = 100

_signed = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    key=schema.key,
    time=schema.time,
    sig=schema.signature,
)
_one_time = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    keys=schema.listing(schema.key, 1, MAX_ONE_TIME),
    time=schema.time,
    sig=schema.signature,
)
_document = schema.opened(
    v=schema.version, list=schema.opened(), prekeys=schema.listing(_signed, 0, MAX_DEVICES)
)
_claim = schema.closed(v=schema.version, devices=schema.listing(schema.key, 1, MAX_DEVICES))
_claimed = schema.closed(
    v=schema.version, one_time=schema.mapping(schema.key, schema.nullable(schema.key), 0, MAX_DEVICES)
)


@dataclass(frozen=True, slots=True)
class SignedPrekey:
    account: str
    device: str
    key: str
    time: int
    wire: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OneTimePrekeys:
    account: str
    device: str
    keys: list[str]
    time: int
    wire: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeysDocument:
    """What to seal to an account with: what its site says of its devices, and the prekey of each device that
    published one. `knowledge` is to be joined with what is known already before anything is sealed."""

    knowledge: KeyKnowledge
    prekeys: dict[str, SignedPrekey]

    @property
    def list(self) -> DeviceList:
        return self.knowledge.list


def make_signed_prekey(account: str, device: SignKey, key: str, now: int) -> dict[str, Any]:
    """The device's word that the X25519 key `key` is its current prekey."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device.public,
        "key": key,
        "time": now,
    }
    return sign("prekey", statement, device)


def verify_signed_prekey(value: Any, certificate: Certificate) -> SignedPrekey:
    """A signed prekey of the certificate's device."""
    _signed(value, "prekey")
    _verify_own("prekey", value, certificate)
    return SignedPrekey(value["account"], value["device"], value["key"], value["time"], value)


def make_one_time(account: str, device: SignKey, keys: Iterable[str], now: int) -> dict[str, Any]:
    """The device's word that these X25519 keys may be handed out, each once."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device.public,
        "keys": list(keys),
        "time": now,
    }
    return sign("one-time-prekeys", statement, device)


def verify_one_time(value: Any, certificate: Certificate) -> OneTimePrekeys:
    """One-time prekeys of the certificate's device; a key that stands twice is `schema`."""
    _one_time(value, "one_time")
    if len(set(value["keys"])) != len(value["keys"]):
        raise ProtocolError("schema", "keys")
    _verify_own("one-time-prekeys", value, certificate)
    return OneTimePrekeys(value["account"], value["device"], value["keys"], value["time"], value)


def _verify_own(what: str, value: Mapping[str, Any], certificate: Certificate) -> None:
    require_names(certificate, value["account"], value["device"])
    verify(what, value, certificate.device)


def verify_keys_document(value: Any, account: str | None = None) -> KeysDocument:
    """A verified keys document; of `account`, if one is expected, else `certificate_account`."""
    _document(value, "keys")
    devices = verify_device_list(value["list"])
    if account not in (None, devices.account):
        raise ProtocolError("certificate_account", "list")
    prekeys = value["prekeys"]
    if not schema.ascending([each["device"] for each in prekeys]):
        raise ProtocolError("device_list_order", "prekeys")
    keys = {each["device"]: _listed(each, devices) for each in prekeys}
    return KeysDocument(_knowledge(value, devices), keys)


def _knowledge(value: dict[str, Any], devices: DeviceList) -> KeyKnowledge:
    revocations = verify_revocations(value.get("revocations", []), devices.account)
    said = value.get("freshness")
    return KeyKnowledge(devices, revocations, verify_freshness(said, devices) if said is not None else None)


def _listed(value: dict[str, Any], devices: DeviceList) -> SignedPrekey:
    certificate = devices.devices.get(value["device"])
    if certificate is None:
        raise ProtocolError("certificate_device", "prekeys")
    return verify_signed_prekey(value, certificate)


def recipients(
    known: KeyKnowledge,
    prekeys: Mapping[str, SignedPrekey],
    one_time: Mapping[str, str | None],
    now: int,
) -> list[Recipient]:
    """Whom to seal to, by device: who is listed and not revoked and has a signed prekey that is not dormant.
    `one_time` are claimed keys; where there is none the seal does without."""
    return [
        Recipient(device, certificate.dh, prekeys[device].key, one_time.get(device))
        for device, certificate in known.devices.items()
        if device in prekeys and not is_dormant(prekeys[device].time, now)
    ]


def read_claim(value: Any) -> list[str]:
    """The devices of a claim for one-time prekeys."""
    _claim(value, "claim")
    return list(value["devices"])


def read_claimed(value: Any) -> dict[str, str | None]:
    """The answer to a claim: a key, or null where none is left, for each device."""
    _claimed(value, "claimed")
    return dict(value["one_time"])
