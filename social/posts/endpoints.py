"""Where a page wants to be told of mentions (Webmention, section 3.1.2)."""

from __future__ import annotations

from federation.fetch import Response
from social.posts import linkheader, pagelinks, reading

REL = "webmention"


def of(response: Response) -> str | None:
    """The endpoint that an answer names: by the Link header, else by its first link; None if by none."""
    kind = response.headers.get("content-type", "")
    links = linkheader.read(response.headers.get("link", ""), response.url)
    if reading.is_page(response.body, kind):
        inside = pagelinks.read(response.body, response.url, kind)
        links += [one for one in inside if one.tag in ("a", "link")]
    return next((link.url for link in links if REL in link.rel), None)
