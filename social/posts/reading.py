"""Reads what others publish into one shape: JSON Feed, ActivityPub, Atom, RSS and pages that are feeds.

Promise: `read` never fails on an item, it leaves that item out; only a document that is no feed at all is
`not_a_feed`. Nothing is fetched while reading, entities are not expanded, no local file is opened. At most
`entries.MAX_ENTRIES` newest entries are taken; their bodies are sanitised trees (`markup`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from social.posts import activitypub, hfeed, jsonfeed, linkheader, markup, pagelinks, xmlfeed
from social.posts.entries import MAX_TITLE, Channel, clean, fold
from social.posts.errors import Refusal

PAGE = "hfeed"
"""The kind of a feed that is a web page."""
FEED_TYPES = {
    "application/feed+json": "json",
    "application/json": "json",
    "application/atom+xml": "atom",
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/xml": "rss",
    "text/xml": "rss",
    "application/activity+json": "activitypub",
}
"""Media types of feeds, the ones we read best first."""


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page names."""

    url: str
    kind: str
    title: str


def read(data: bytes, content_type: str, url: str, kind: str = "") -> Channel:
    """The feed in `data`, fetched from `url`; Refusal `not_a_feed` when it is none. A web page is one only
    where `kind` says so."""
    if kind == PAGE:
        return hfeed.read(data, content_type, url)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{" or ("json" in content_type and start != b"<"):
        return _read_json(data, url)
    return xmlfeed.read(data, content_type, url)


def is_page(data: bytes, content_type: str) -> bool:
    """Whether this is HTML."""
    start = data[:2000].lower()
    return b"<" in data[:1000] and ("html" in content_type or b"<html" in start or b"<!doctype html" in start)


def feed_links(data: bytes, content_type: str, url: str, header: str = "") -> list[Link]:
    """The feeds that an answer names by rel=alternate, in its header `Link` or as an HTML page, each once,
    the ones we read best first."""
    order = list(FEED_TYPES)
    found: dict[str, tuple[int, Link]] = {}
    inside = pagelinks.read(data, url, content_type) if is_page(data, content_type) else []
    for one in [*linkheader.read(header, url), *inside]:
        href = markup.link(one.url)
        if one.tag in ("a", "link") and "alternate" in one.rel and one.media in FEED_TYPES and href:
            link = Link(href, FEED_TYPES[one.media], fold(clean(one.title))[:MAX_TITLE])
            found.setdefault(href, (order.index(one.media), link))
    return [link for _, link in sorted(found.values(), key=lambda pair: pair[0])]


def _read_json(data: bytes, url: str) -> Channel:
    try:
        document: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal("not_a_feed", "not JSON") from error
    if not isinstance(document, dict):
        raise Refusal("not_a_feed", "not a feed")
    found = jsonfeed.read(document, url) if jsonfeed.is_one(document) else activitypub.read(document, url)
    if found is None:
        raise Refusal("not_a_feed", "neither JSON Feed nor ActivityPub")
    return found
