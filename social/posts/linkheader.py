"""The links that the header `Link` of an answer names (RFC 8288), in the form of those of its page.

Time grows with the length of the header only, whatever stands in it.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from social.posts.pagelinks import PageLink

MOST = 100
LINK = re.compile(r"<([^<>]*+)>((?:\s*+;\s*+[\w*!#$&+.^`|~-]++\s*+(?:=\s*+(?:\"[^\"]*+\"|[^\",;\s]*+))?+)*+)")
PARAMETER = re.compile(r";\s*+([\w*!#$&+.^`|~-]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|([^\",;\s]*+)))?+")


def read(header: str, url: str) -> list[PageLink]:
    """The links in the value of a header (several joined by commas) that came with `url`."""
    found = [_link(target, parameters, url) for target, parameters in LINK.findall(header)[:MOST]]
    return [one for one in found if one is not None]


def _link(target: str, parameters: str, base: str) -> PageLink | None:
    given: dict[str, str] = {}
    for name, quoted, bare in PARAMETER.findall(parameters):
        given.setdefault(name.lower(), quoted or bare)
    try:
        url = urljoin(base, target.strip())
    except ValueError:
        return None
    rel = frozenset(given.get("rel", "").lower().split())
    media = given.get("type", "").split(";")[0].strip().lower()
    return PageLink("link", url, rel, media, given.get("title", ""))
