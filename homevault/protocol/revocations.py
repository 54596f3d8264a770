"""The statement that a device is no longer its account's, for ever (SPEC 4.9)."""

from collections.abc import Mapping
from typing import Any

from homevault.protocol import schema
from homevault.protocol.certificates import check_certificate, verify_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

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
