"""The statement that a device is no longer its account's, for ever, and the set of these (SPEC 4.9)."""

from collections.abc import Iterable, Mapping
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import check_certificate, verify_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

MAX_REVOCATIONS = 64

Revocations = dict[str, dict[str, Any]]
"""Verified revocations of one account, as on the wire: at most 64, by device, ascending."""

_revocation = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    device=schema.key,
    vault=schema.nullable(check_certificate),
    time=schema.time,
    sig=schema.signature,
)


def make_revocation(
    key: SignKey, account: str, device: str, now: int, vault: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Signed by `key`: that of the account, or of the vault whose certificate is given."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": account,
        "device": device,
        "vault": dict(vault) if vault else None,
        "time": now,
    }
    return sign("revocation", statement, key)


def check_revocation(value: Any, path: str = "revocation") -> None:
    """The form alone."""
    _revocation(value, path)


def check_signer(value: Mapping[str, Any]) -> None:
    """`certificate_account` or `certificate_device` if the vault that signs is not a vault of the account."""
    vault = value["vault"]
    if vault is None:
        return
    if vault["account"] != value["account"]:
        raise ProtocolError("certificate_account", "vault")
    if vault["role"] != "vault":
        raise ProtocolError("certificate_device", "vault")


def verify_revocation(value: Any) -> tuple[str, str]:
    """The account and device that a signed revocation parts."""
    _revocation(value, "revocation")
    check_signer(value)
    vault = value["vault"]
    verify("revocation", value, vault["device"] if vault else value["account"])
    if vault:
        verify_certificate(vault)
    return value["account"], value["device"]


def verify_revocations(value: Any, account: str) -> Revocations:
    """The set in a list of signed statements, one a device, sorted by device."""
    _set(value, "revocations")
    if any(each["account"] != account for each in value):
        raise ProtocolError("certificate_account", "revocations")
    if not schema.ascending([each["device"] for each in value]):
        raise ProtocolError("device_list_order", "revocations")
    for each in value:
        verify_revocation(each)
    return {each["device"]: each for each in value}


_set = schema.listing(_revocation, 0, MAX_REVOCATIONS)


def unite(first: Revocations, second: Revocations) -> Revocations:
    """What both sets say. Of two statements about a device, and beyond 64 devices, those of the account key
    stand first: whoever holds a stolen vault cannot crowd them out."""
    best: Revocations = {}
    for each in (*first.values(), *second.values()):
        held = best.get(each["device"])
        if held is None or _rank(each) < _rank(held):
            best[each["device"]] = each
    kept = sorted(best.values(), key=lambda each: (each["vault"] is not None, each["device"]))
    return {each["device"]: each for each in sorted(kept[:MAX_REVOCATIONS], key=lambda each: each["device"])}


def _rank(value: Mapping[str, Any]) -> tuple[bool, str]:
    return value["vault"] is not None, object_id("revocation", value)


def revocations_hash(account: str, devices: Iterable[str]) -> str:
    """The id of the set of devices that are revoked, whoever signed it and in whatever order."""
    return object_id("revocations", {"account": account, "devices": sorted(devices)})
