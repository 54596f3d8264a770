"""Reads Atom and RSS of every age. Documents that declare entities are refused: nothing is expanded or
fetched."""

from __future__ import annotations

import calendar
import io
import re
from functools import cache
from typing import Any

from social.posts import charsets, entries, markup
from social.posts.entries import MAX_TITLE, Attached, Channel, Entry
from social.posts.errors import Refusal

DECLARES = re.compile(rb"<!(ENTITY|ELEMENT|ATTLIST)\b")
ROOT = re.compile(rb"<[A-Za-z_]")
CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
NAMED = re.compile(rb"""encoding\s*=\s*["']([\w.:-]{1,40})""")
WIDE = re.compile(r"(?:utf|ucs|iso-10646-ucs)[-_]?(?:16|32|2|4)(?:[-_]?[bl]e)?|u16|u32", re.IGNORECASE)
EBCDIC = b"Lo\xa7\x94"
"""`<?xm` in the encodings in which nothing looks like XML."""


def read(data: bytes, content_type: str, url: str) -> Channel:
    """The feed in `data`; Refusal `not_a_feed` when it is none."""
    parsed = _parse(data, content_type, url)
    if not parsed.get("version") and not parsed.entries:
        raise Refusal("not_a_feed", "neither JSON Feed, Atom nor RSS")
    author = entries.text(parsed.feed, "author")
    return Channel(
        kind="atom" if str(parsed.get("version", "")).startswith("atom") else "rss",
        title=entries.plain(entries.text(parsed.feed, "title"))[:MAX_TITLE],
        home=markup.link(entries.text(parsed.feed, "link"), url) or url,
        name=entries.plain(author)[:MAX_TITLE],
        entries=entries.each(parsed.entries, lambda item: _entry(item, url, author), _when),
    )


def declares_entities(data: bytes) -> bool:
    """Whether a document brings definitions of its own, the way of every XML bomb; they can stand only before
    its first element."""
    narrow = data.replace(b"\0", b"")
    root = ROOT.search(narrow)
    return DECLARES.search(narrow, 0, root.start() if root else len(narrow)) is not None


def hides(data: bytes, content_type: str) -> bool:
    """Whether a document names an encoding in which definitions would not be seen as such: one that no
    browser knows, other than the wide ones."""
    start = data[:200].replace(b"\0", b"")
    named = [match[1].decode() for match in [NAMED.search(start)] if match]
    named += CHARSET.findall(content_type)
    unknown = [one for one in named if charsets.codec(one) is None and not WIDE.fullmatch(one)]
    return bool(unknown) or start.startswith(EBCDIC)


def _parse(data: bytes, content_type: str, url: str) -> Any:
    if hides(data, content_type) or declares_entities(data):
        raise Refusal("not_a_feed", "document type declarations are not read")
    feedparser = _feedparser()
    headers = {"content-location": url, **({"content-type": content_type} if content_type else {})}
    try:
        return feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser meets hostile bytes; what it stumbles over is no feed to us
        raise Refusal("not_a_feed", type(error).__name__) from error


@cache
def _feedparser() -> Any:
    """The library, which takes ids as they are: made absolute, they would change when the feed moves."""
    import feedparser  # large, and only needed where such a feed is followed
    from feedparser import api

    for parser in (api.StrictFeedParser, api.LooseFeedParser):
        parser.can_be_relative_uri = parser.can_be_relative_uri - {"id"}
    return feedparser


def _entry(item: Any, base: str, author: str) -> Entry:
    url = _link(item, base)
    summary = item.get("summary_detail") or {"value": entries.text(item, "summary")}
    best = max(item.get("content") or [summary], key=lambda c: "html" in str(c.get("type", "html")))
    value = str(best.get("value") or "")
    is_plain = str(best.get("type", "")) == "text/plain"
    return entries.entry(
        guid=entries.text(item, "id"),
        url=url,
        title=_title(item),
        author=entries.plain(entries.text(item, "author") or author),
        published=_when(item),
        updated=_moment(item.get("updated_parsed")),
        body=markup.from_text(value) if is_plain else markup.from_html(value, url or base),
        shows=[*_enclosed(item, url or base), *_media(item, url or base)],
    )


def _link(item: Any, base: str) -> str:
    """Where an item leads; an id counts if it is an address."""
    found = entries.text(item, "link")
    given = {one.get("href") for one in item.get("links") or []}
    is_id = found not in given and found == entries.text(item, "id")
    return markup.link(found, "" if is_id else base) or ""


def _title(item: Any) -> str:
    """Words are taken as they stand, markup without its marks."""
    words = entries.text(item, "title")
    about = item.get("title_detail") or {}
    return words if about.get("type") == "text/plain" else entries.plain(words)


def _when(item: Any) -> int | None:
    return _moment(item.get("published_parsed")) or _moment(item.get("updated_parsed"))


def _enclosed(item: Any, base: str) -> list[Attached | None]:
    found = item.get("enclosures") or []
    return [
        entries.attached(
            entries.text(one, "href"),
            entries.text(one, "type"),
            base,
            alt=entries.text(one, "title"),
            size=_number(one.get("length")),
        )
        for one in found
    ]


def _media(item: Any, base: str) -> list[Attached | None]:
    """Media RSS."""
    found = item.get("media_content") or []
    return [
        entries.attached(
            entries.text(one, "url"),
            entries.text(one, "type") or f"{entries.text(one, 'medium')}/*",
            base,
            width=_number(one.get("width")),
            height=_number(one.get("height")),
            size=_number(one.get("filesize")),
        )
        for one in found
    ]


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 13 else 0


def _moment(parsed: Any) -> int | None:
    try:
        return entries.sane(calendar.timegm(parsed) * 1000) if parsed else None
    except (OverflowError, TypeError, ValueError):
        return None
