"""Where a page wants to be told of mentions (Webmention, section 3.1.2)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from federation.fetch import Response
from social.posts import pagelinks, reading

REL = "webmention"
LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*!#$&+.^`|~-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\",;\s]*))?)*)")
PARAMETER = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]*))", re.IGNORECASE)


def of(response: Response) -> str | None:
    """The endpoint that an answer names: by the Link header, else by its first link; None if by none."""
    for target, parameters in LINK.findall(response.headers.get("link", "")):
        match = PARAMETER.search(parameters)
        if match and REL in (match[1] or match[2] or "").lower().split():
            return _joined(response.url, target)
    if not reading.is_page(response.body, response.headers.get("content-type", "")):
        return None
    for link in pagelinks.read(response.body, response.url):
        if link.tag in ("a", "link") and REL in link.rel:
            return link.url
    return None


def _joined(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return None
