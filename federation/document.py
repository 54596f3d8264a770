"""The site document (SPEC 4.5): what `GET /.well-known/porchlight` says, ours and other sites'.

Ours is the same bytes until the keys change. Another's is taken only if it names the very site it was asked
of and its own key signed it.
"""

from __future__ import annotations

from functools import lru_cache

from federation import here, sitekey
from federation.here import Site
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.sites import SiteDocument, make_site_document, verify_site_document

PATH = "/.well-known/porchlight"
MAX_BYTES = 16_384


def own() -> bytes:
    """The signed document of this site, canonical."""
    return _make(here.site(), sitekey.current())


@lru_cache(maxsize=4)
def _make(site: Site, key: sitekey.SiteKey) -> bytes:
    return canonical(make_site_document(here.address(), key.sign, key.dh.public, key.created, key.rotations))


def read(data: bytes, site: Site) -> SiteDocument:
    """Read and verify what a site answered. Raises ProtocolError (`schema`, `signature`, json codes),
    `refused` if it names another site."""
    found = verify_site_document(parse(data, MAX_BYTES))
    if found.site != site:
        raise ProtocolError("refused", "it names another site")
    return found
