"""What a site says about itself: its address and its keys, signed by the site key (SPEC 4.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homevault.protocol import schema
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.schema import SUITE, VERSION

MAX_ROTATIONS = 8

_common = {
    "v": schema.version,
    "suite": schema.suite(),
    "ip": schema.text(1, 253),
    "port": schema.integer(1, 65_535),
    "time": schema.time,
    "sig": schema.signature,
}
_document = schema.opened(**_common, key=schema.key, dh=schema.key)
_rotations = schema.listing(schema.closed(**_common, old=schema.key, new=schema.key), 0, MAX_ROTATIONS)


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """A site's address, its Ed25519 key and its X25519 key. `rotations` are of good form and of this site,
    oldest first; each is verified when it is followed."""

    address: Address
    key: str
    dh: str
    time: int
    wire: dict[str, Any]
    rotations: tuple[dict[str, Any], ...] = ()

    @property
    def site(self) -> tuple[str, int]:
        return self.address.site

    def follows(self, known: str) -> bool:
        """Whether this is the site that was known by that key: it has it still, or signed rotations lead from
        it to the present one. `signature` for one that its old key did not sign."""
        reached = known
        for step in self.rotations:
            if step["old"] == reached:
                verify("site-rotation", step, reached)
                reached = step["new"]
        return reached == self.key


def make_site_document(
    site: Address, key: SignKey, dh: str, now: int, rotations: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "v": VERSION,
        "suite": SUITE,
        "ip": site.ip,
        "port": site.port,
        "key": key.public,
        "dh": dh,
        "time": now,
    }
    if rotations:
        statement["rotations"] = [dict(each) for each in rotations]
    return sign("site-document", statement, key)


def verify_site_document(value: Any) -> SiteDocument:
    """A verified site document; that it came from the address it names is the caller's to check."""
    _document(value, "site")
    rotations = value.get("rotations", [])
    _rotations(rotations, "site.rotations")
    address = Address.make(value["ip"], value["port"])
    if any((step["ip"], step["port"]) != address.site for step in rotations):
        raise ProtocolError("refused", "a rotation of another site")
    verify("site-document", value, value["key"])
    return SiteDocument(address, value["key"], value["dh"], value["time"], value, tuple(rotations))


def make_rotation(site: Address, old: SignKey, new: str, now: int) -> dict[str, Any]:
    """The old key's word that `new` takes its place."""
    statement = {
        "v": VERSION,
        "suite": SUITE,
        "ip": site.ip,
        "port": site.port,
        "old": old.public,
        "new": new,
        "time": now,
    }
    return sign("site-rotation", statement, old)
