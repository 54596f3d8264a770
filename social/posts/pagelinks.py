"""The links of a web page, in the order in which they stand: what `link` and `a` say, and what is shown.

Only real elements count: nothing in comments, scripts or escaped text. At most `MAX_BYTES` are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from social.posts import charsets

MAX_BYTES = 1_000_000
MOST = 5_000
NAMING = {"href": ("a", "link", "area"), "src": ("img", "video", "audio", "source", "iframe", "embed")}


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link. `url` is absolute; `rel` and `media` (its type) are in lower case."""

    tag: str
    url: str
    rel: frozenset[str]
    media: str
    title: str


def read(data: bytes, url: str, content_type: str = "") -> list[PageLink]:
    """The links of the HTML in `data`, fetched from `url`."""
    reader = _Reader(url)
    reader.feed(charsets.decode(data[:MAX_BYTES], content_type))
    return reader.links


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.links: list[PageLink] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "base" and given.get("href"):
            self.base = _joined(self.base, given["href"]) or self.base
        for name, tags in NAMING.items():
            url = _joined(self.base, given[name]) if tag in tags and name in given else None
            if url is not None and len(self.links) < MOST:
                rel = frozenset(given.get("rel", "").lower().split())
                media = given.get("type", "").split(";")[0].strip().lower()
                self.links.append(PageLink(tag, url, rel, media, given.get("title", "")))


def _joined(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return None
