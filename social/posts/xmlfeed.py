"""Reads Atom and RSS of every age. Documents that declare entities are refused: nothing is expanded or
fetched."""

from __future__ import annotations

import calendar
import io
import re
from typing import Any

from social.posts import entries, markup
from social.posts.entries import MAX_TITLE, Attached, Channel, Entry
from social.posts.errors import Refusal

DECLARES = re.compile(rb"<!(ENTITY|ELEMENT|ATTLIST)\b")


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
        entries=entries.each(parsed.entries, lambda item: _entry(item, url, author)),
    )


def declares_entities(data: bytes) -> bool:
    """Whether a document brings definitions of its own, the way of every XML bomb."""
    return DECLARES.search(data.replace(b"\0", b"")) is not None


def _parse(data: bytes, content_type: str, url: str) -> Any:
    if declares_entities(data):
        raise Refusal("not_a_feed", "document type declarations are not read")
    import feedparser  # large, and only needed where such a feed is followed

    headers = {"content-location": url, **({"content-type": content_type} if content_type else {})}
    try:
        return feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser meets hostile bytes; what it stumbles over is no feed to us
        raise Refusal("not_a_feed", type(error).__name__) from error


def _entry(item: Any, base: str, author: str) -> Entry:
    url = markup.link(entries.text(item, "link"), base) or ""
    summary = item.get("summary_detail") or {"value": entries.text(item, "summary")}
    best = max(item.get("content") or [summary], key=lambda c: "html" in str(c.get("type", "html")))
    value = str(best.get("value") or "")
    is_plain = str(best.get("type", "")) == "text/plain"
    return entries.entry(
        guid=entries.text(item, "id"),
        url=url,
        title=entries.plain(entries.text(item, "title")),
        author=entries.plain(entries.text(item, "author") or author),
        published=_moment(item.get("published_parsed")) or _moment(item.get("updated_parsed")),
        updated=_moment(item.get("updated_parsed")),
        body=markup.from_text(value) if is_plain else markup.from_html(value, url or base),
        shows=[*_enclosed(item, url or base), *_media(item, url or base)],
    )


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
