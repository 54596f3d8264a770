"""The site document (SPEC 4.5): what `GET /.well-known/porchlight` says, ours and other sites'.

Ours is the same bytes until the keys change. Another's is taken only if it names the very site it was asked
of and its own key signed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from federation import here, sitekey
from federation.here import Site
from homevault.protocol import schema
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import sign, verify

PATH = "/.well-known/porchlight"
MAX_BYTES = 16_384
MAX_ROTATIONS = sitekey.MAX_ROTATIONS

_common = {
    "v": schema.version,
    "suite": schema.suite(),
    "ip": schema.text(1, 253),
    "port": schema.integer(1, 65_535),
    "time": schema.time,
    "sig": schema.signature,
}
_form = schema.opened(**_common, key=schema.key, dh=schema.key)
_rotations_form = schema.listing(schema.closed(**_common, old=schema.key, new=schema.key), 0, MAX_ROTATIONS)


@dataclass(frozen=True, slots=True)
class SiteDocument:
    site: Site
    key: str
    dh: str
    time: int
    rotations: tuple[dict[str, Any], ...] = ()

    def follows(self, known: str) -> bool:
        """Whether signed rotations lead from a key known before to the one named now."""
        reached = known
        for step in self.rotations:
            if step["old"] == reached:
                verify("site-rotation", step, reached)
                reached = step["new"]
        return reached == self.key


def own() -> bytes:
    """The signed document of this site, canonical."""
    return _make(here.site(), sitekey.current())


@lru_cache(maxsize=4)
def _make(site: Site, key: sitekey.SiteKey) -> bytes:
    ip, port = site
    document: dict[str, Any] = {
        "v": 1,
        "suite": "PL1",
        "ip": ip,
        "port": port,
        "key": key.public,
        "dh": key.dh.public,
        "time": key.created,
    }
    if key.rotations:
        document["rotations"] = list(key.rotations)
    return canonical(sign("site-document", document, key.sign))


def read(data: bytes, site: Site) -> SiteDocument:
    """Read and verify what a site answered. Raises ProtocolError (`schema`, `signature`, json codes),
    `refused` if it names another site."""
    found = parse(data, MAX_BYTES)
    _form(found, "site-document")
    rotations = found.get("rotations", [])
    _rotations_form(rotations, "rotations")
    for statement in (found, *rotations):
        if (statement["ip"], statement["port"]) != site:
            raise ProtocolError("refused", "it names another site")
    verify("site-document", found, found["key"])
    return SiteDocument(site, found["key"], found["dh"], found["time"], tuple(rotations))
