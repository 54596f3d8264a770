"""Reads web pages that are feeds themselves: h-entry inside an h-feed or standing alone (microformats2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from social.posts import charsets, entries, markup
from social.posts.entries import MAX_TITLE, Attached, Channel, Entry
from social.posts.errors import Refusal

MAX_BYTES = 600_000
HENTRY = re.compile(rb"h-?entry")
DEEP = 8


def read(data: bytes, content_type: str, url: str) -> Channel:
    """The posts that a page shows; Refusal `not_a_feed` for a page without any, and for that of one post."""
    if not HENTRY.search(data.replace(b"\0", b"")):
        raise Refusal("not_a_feed", "no h-entry")
    found = parse(data, content_type, url)
    feed = next(_of_type(found.get("items"), "h-feed"), None)
    posts = list(_of_type(_inside(feed) if feed else found.get("items"), "h-entry"))
    if not posts or (feed is None and len(posts) == 1 and _link(posts[0], "url", url) == url):
        raise Refusal("not_a_feed", "no h-entry")
    properties = feed.get("properties", {}) if feed else {}
    author = name_of(properties.get("author")) or name_of(list(_of_type(found.get("items"), "h-card"))[:1])
    return Channel(
        kind="hfeed",
        title=(entries.fold(_first(properties, "name")) or author)[:MAX_TITLE],
        home=url,
        name=author,
        entries=entries.each(posts, lambda item: _entry(item, url, author), _when),
    )


def parse(data: bytes, content_type: str, url: str) -> dict[str, Any]:
    """The microformats of a page. Refusal `not_a_feed` for what cannot be parsed."""
    import mf2py

    try:
        found: dict[str, Any] = mf2py.parse(doc=charsets.decode(data[:MAX_BYTES], content_type), url=url)
    except Exception as error:  # hostile markup; whatever the parser stumbles over, we cannot read it
        raise Refusal("not_a_feed", type(error).__name__) from error
    return found


def _of_type(items: Any, kind: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The outermost objects of a kind, in the order of the page."""
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        if kind in item.get("type", []):
            yield item
        elif depth < DEEP:
            yield from _of_type(_inside(item), kind, depth + 1)


def _inside(item: dict[str, Any]) -> list[Any]:
    """What hangs below an object: its children, and what its properties hold."""
    held = [one for values in item.get("properties", {}).values() for one in values if isinstance(one, dict)]
    return [*item.get("children", []), *held]


def _entry(item: dict[str, Any], base: str, author: str) -> Entry:
    properties = item["properties"]
    url = _link(item, "url", base)
    content = next(iter(properties.get("content", [])), None)
    html = str(content.get("html") or "") if isinstance(content, dict) else ""
    words = content if isinstance(content, str) else _first(properties, "summary")
    body = markup.from_html(html, url or base) if html else markup.from_text(entries.clean(words))
    title = _first(properties, "name")
    return entries.entry(
        guid=_first(properties, "uid") or url,
        url=url,
        title="" if _says_the_same(title, markup.to_text(body)) else title,
        author=name_of(properties.get("author")) or author,
        published=_when(item),
        updated=entries.time(_first(properties, "updated")),
        body=body,
        shows=_photos(properties, url or base),
    )


def _when(item: dict[str, Any]) -> int | None:
    return entries.time(_first(item["properties"], "published"))


def _photos(properties: dict[str, Any], base: str) -> list[Attached | None]:
    found: list[Attached | None] = []
    for name, type in (("photo", "image/*"), ("video", "video/*"), ("audio", "audio/*")):
        for value in properties.get(name, []):
            one = value if isinstance(value, dict) else {"value": value}
            url = entries.text(one, "value")
            found.append(entries.attached(url, type, base, alt=entries.text(one, "alt")))
    return found


def _says_the_same(title: str, body: str) -> bool:
    """An implied name is only the beginning of the words, or all of them."""
    folded = entries.fold(title)
    return bool(body) and (body.startswith(folded) or folded.startswith(body))


def _link(item: dict[str, Any], name: str, base: str) -> str:
    return markup.link(_first(item.get("properties", {}), name), base) or ""


def _first(properties: dict[str, Any], name: str) -> str:
    """The first value of a property as text."""
    for value in properties.get(name, []):
        if isinstance(value, str):
            return entries.clean(value)
        if isinstance(value, dict) and isinstance(value.get("value"), str):
            return entries.clean(value["value"])
    return ""


def first_entry(found: dict[str, Any]) -> dict[str, Any] | None:
    """The first post in the microformats of a page."""
    return next(_of_type(found.get("items"), "h-entry"), None)


def words_of(properties: dict[str, Any]) -> str:
    """What a post says, as one line of text: its summary, else its content, else its name."""
    said = (_first(properties, name) for name in ("summary", "content", "name"))
    return entries.fold(next(filter(None, said), ""))


def urls_of(properties: dict[str, Any], name: str) -> set[str]:
    """The URLs of a property, of cited pages too."""
    found: set[str] = set()
    for value in properties.get(name, []):
        cited = value.get("properties", {}).get("url", []) if isinstance(value, dict) else [value]
        found |= {one.split("#")[0].rstrip("/") for one in cited if isinstance(one, str)}
    return found


def name_of(cards: Any) -> str:
    """The name on the first of some h-cards."""
    for card in cards if isinstance(cards, list) else []:
        if isinstance(card, str):
            return entries.fold(entries.clean(card))[:MAX_TITLE]
        if isinstance(card, dict):
            return entries.fold(_first(card.get("properties", {}), "name"))[:MAX_TITLE]
    return ""
