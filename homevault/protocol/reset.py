"""The word of an account key that a forgotten password may be replaced (SPEC 4.12)."""

from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_account_address
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

KEEP, DROP = "keep", "drop"

_reset = schema.closed(
    v=schema.version,
    suite=schema.suite(),
    account=schema.key,
    address=check_account_address,
    expires=schema.time,
    factors=schema.one_of(KEEP, DROP),
    nonce=schema.key,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Reset:
    """A verified statement. `nonce` and `expires` are the site's challenge; `factors` what becomes of the
    second factors."""

    account: str
    address: Address
    nonce: str
    expires: int
    factors: str


def make_reset(key: SignKey, address: Address, nonce: str, expires: int, factors: str) -> dict[str, Any]:
    """Signed by the account key."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "account": key.public,
        "address": address.wire(),
        "expires": expires,
        "factors": factors,
        "nonce": nonce,
    }
    return sign("password-reset", statement, key)


def verify_reset(value: Any) -> Reset:
    """`schema`, `address`, `encoding` or `signature`; that the challenge is fresh is the site's to judge."""
    _reset(value, "password-reset")
    verify("password-reset", value, value["account"])
    address = Address.from_wire(value["address"])
    return Reset(value["account"], address, value["nonce"], value["expires"], value["factors"])
