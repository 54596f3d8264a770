"""Reads what others publish: JSON Feed, Atom and RSS into one shape.

Promise: `read` never fails on an item, it leaves that item out; only a document that is no feed at all is
`not_a_feed`. Nothing is fetched while reading, entities are not expanded, no local file is opened. At most
`MAX_ENTRIES` newest entries are taken; their bodies are sanitised trees (`markup`).
"""

import calendar
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any, TypeVar

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.posts import markup
from social.posts.errors import Refusal

MAX_ENTRIES = 100
MAX_TITLE = 300
MAX_ID = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed; times are milliseconds, None when the feed does not say."""

    guid: str
    url: str
    title: str
    author: str
    published: int | None
    updated: int | None
    body: markup.Tree


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: `kind` is json, atom or rss; address and account are set when it is a sister site's."""

    kind: str
    title: str
    home: str
    address: Address | None = None
    account: str | None = None
    name: str = ""
    entries: list[Entry] = field(default_factory=list)


def read(data: bytes, content_type: str, url: str) -> Channel:
    """The feed in `data`, fetched from `url`; Refusal `not_a_feed` when it is none."""
    if _looks_json(data, content_type):
        return _read_json(data, url)
    return _read_xml(data, content_type, url)


def feed_links(data: bytes, content_type: str, url: str) -> list[str]:
    """The feeds an HTML page names by rel=alternate, the ones we read best first."""
    if b"<" not in data[:1000] or ("html" not in content_type and b"<html" not in data[:2000].lower()):
        return []
    found: list[tuple[int, str]] = []
    for tag in LINK_TAG.findall(data[:200_000].decode("utf-8", "replace")):
        attrs = {name.lower(): _unquote(value) for name, value in TAG_ATTRIBUTE.findall(tag)}
        kind = attrs.get("type", "").split(";")[0].strip().lower()
        href = markup.link(attrs.get("href", ""), url)
        if "alternate" in attrs.get("rel", "").lower().split() and kind in FEED_TYPES and href:
            found.append((FEED_TYPES.index(kind), href))
    return [href for _, href in sorted(found, key=lambda pair: pair[0])]


FEED_TYPES = ["application/feed+json", "application/json", "application/atom+xml", "application/rss+xml"]
LINK_TAG = re.compile(r"<(?:link|a)\b([^>]{1,2000})>", re.IGNORECASE)
TAG_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
DECLARES = re.compile(rb"<!(ENTITY|ELEMENT|ATTLIST)\b")


def _unquote(value: str) -> str:
    return unescape(value[1:-1] if value[:1] in "\"'" else value)


def _looks_json(data: bytes, content_type: str) -> bool:
    return "json" in content_type or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _read_json(data: bytes, url: str) -> Channel:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal("not_a_feed", "not JSON") from error
    if not isinstance(document, dict) or not _text(document, "version").startswith(
        "https://jsonfeed.org/version/"
    ):
        raise Refusal("not_a_feed", "version")
    ours = document.get("_porchlight")
    address, account, name = _sister(ours) if isinstance(ours, dict) else (None, None, "")
    items = document.get("items")
    author = _json_author(document)
    return Channel(
        kind="json",
        title=_text(document, "title")[:MAX_TITLE],
        home=markup.link(_text(document, "home_page_url"), url) or url,
        address=address,
        account=account,
        name=name or author,
        entries=_each(items if isinstance(items, list) else [], lambda item: _json_entry(item, url, author)),
    )


def _sister(ours: dict[str, Any]) -> tuple[Address | None, str | None, str]:
    try:
        address = Address.parse(_text(ours, "address"))
    except ProtocolError:
        return None, None, ""
    account = ours.get("account")
    known = isinstance(account, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", account)
    return address, account if known else None, _text(ours, "name")[:64]


def _json_author(thing: dict[str, Any]) -> str:
    authors = thing.get("authors")
    one = authors[0] if isinstance(authors, list) and authors else thing.get("author")
    return _text(one, "name")[:MAX_TITLE] if isinstance(one, dict) else ""


def _json_entry(item: dict[str, Any], base: str, author: str) -> Entry:
    url = markup.link(_text(item, "url") or _text(item, "external_url"), base) or ""
    html, text = _text(item, "content_html"), _text(item, "content_text") or _text(item, "summary")
    body = markup.from_html(html, url or base) if html else markup.from_text(text)
    guid = str(item["id"]) if isinstance(item.get("id"), str | int) else ""
    return _entry(
        guid=guid,
        url=url,
        title=_text(item, "title"),
        author=_json_author(item) or author,
        published=_time(_text(item, "date_published")),
        updated=_time(_text(item, "date_modified")),
        body=body,
    )


def _read_xml(data: bytes, content_type: str, url: str) -> Channel:
    if DECLARES.search(data[:200_000]):
        raise Refusal("not_a_feed", "document type declarations are not read")
    import feedparser  # large, and only needed where such a feed is followed

    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    try:
        parsed = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except (
        Exception
    ) as error:  # feedparser meets hostile bytes; whatever it stumbles over, it is no feed to us
        raise Refusal("not_a_feed", type(error).__name__) from error
    if not parsed.get("version") and not parsed.entries:
        raise Refusal("not_a_feed", "neither JSON Feed, Atom nor RSS")
    title = _text(parsed.feed, "title")
    author = _text(parsed.feed, "author")
    return Channel(
        kind="atom" if str(parsed.get("version", "")).startswith("atom") else "rss",
        title=_plain(title)[:MAX_TITLE],
        home=markup.link(_text(parsed.feed, "link"), url) or url,
        name=_plain(author)[:MAX_TITLE],
        entries=_each(parsed.entries, lambda entry: _xml_entry(entry, url, author)),
    )


def _xml_entry(entry: Any, base: str, author: str) -> Entry:
    url = markup.link(_text(entry, "link"), base) or ""
    contents = entry.get("content") or [entry.get("summary_detail") or {"value": _text(entry, "summary")}]
    best = max(contents, key=lambda c: "html" in str(c.get("type", "html")))
    plain = str(best.get("type", "")) == "text/plain"
    value = str(best.get("value") or "")
    return _entry(
        guid=_text(entry, "id"),
        url=url,
        title=_plain(_text(entry, "title")),
        author=_plain(_text(entry, "author") or author),
        published=_struct(entry.get("published_parsed")) or _struct(entry.get("updated_parsed")),
        updated=_struct(entry.get("updated_parsed")),
        body=markup.from_text(value) if plain else markup.from_html(value, url or base),
    )


def _entry(guid: str, url: str, title: str, author: str, body: markup.Tree, **times: int | None) -> Entry:
    if not (url or title or body):
        raise ValueError("nothing in it")
    if not guid or len(guid) > MAX_ID:
        guid = (
            url
            if url and not guid
            else hashlib.sha256((guid or title + markup.to_html(body)).encode()).hexdigest()
        )
    clean = guid.encode("utf-8", "replace").decode().replace("\0", "")
    return Entry(clean[:MAX_ID], url, _fold(title)[:MAX_TITLE], _fold(author)[:MAX_TITLE], body=body, **times)


def _each(items: Iterable[Any], make: Callable[[Any], Entry]) -> list[Entry]:
    """Each item on its own: one that cannot be read is left out; the first of equal ids counts."""
    return list({entry.guid: entry for entry in reversed(list(_readable(items, make)))}.values())[::-1]


def _readable(items: Iterable[Any], make: Callable[[Any], Entry]) -> Iterator[Entry]:
    for item in list(items)[:MAX_ENTRIES]:
        try:
            yield make(item)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError):
            continue


def _text(thing: Any, name: str) -> str:
    value = thing.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Without what no database takes: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _plain(html: str) -> str:
    return markup.to_text(markup.from_html(html))


def _fold(text: str) -> str:
    return " ".join(text.split())


def _time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _sane(int(moment.timestamp() * 1000))


def _struct(parsed: Any) -> int | None:
    try:
        return _sane(calendar.timegm(parsed) * 1000) if parsed else None
    except (OverflowError, TypeError, ValueError):
        return None


def _sane(milliseconds: int) -> int | None:
    return milliseconds if 0 < milliseconds < 253_402_300_800_000 else None
