"""What a site says about itself: its address and its keys, signed by the site key (SPEC 4.5)."""

from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

_document = schema.opened(
    v=schema.version,
    suite=schema.suite(),
    ip=schema.text(1, 253),
    port=schema.integer(1, 65_535),
    key=schema.key,
    dh=schema.key,
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """A site's address, its Ed25519 key and its X25519 key."""

    address: Address
    key: str
    dh: str
    time: int
    wire: dict[str, Any]


def make_site_document(site: Address, key: SignKey, dh: str, now: int) -> dict[str, Any]:
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "ip": site.ip,
        "port": site.port,
        "key": key.public,
        "dh": dh,
        "time": now,
    }
    return sign("site-document", statement, key)


def verify_site_document(value: Any) -> SiteDocument:
    """A verified site document; that it came from the address it names is the caller's to check."""
    _document(value, "site")
    address = Address.make(value["ip"], value["port"])
    verify("site-document", value, value["key"])
    return SiteDocument(address, value["key"], value["dh"], value["time"], value)
