"""Reads JSON Feed 1.x, and who it is where it is a sister site's (SPEC 8.1)."""

from __future__ import annotations

import re
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.posts import entries, markup
from social.posts.entries import MAX_TITLE, MOST_RECOMMENDED, Attached, Channel, Entry

VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")
OURS = ("name", "width", "height", "blurhash")
ACCOUNT = re.compile(r"[A-Za-z0-9_-]{43}")


def is_one(document: dict[str, Any]) -> bool:
    return VERSION.match(entries.text(document, "version")) is not None


def read(document: dict[str, Any], url: str) -> Channel:
    """The feed in a parsed document, fetched from `url`."""
    ours = document.get("_porchlight")
    ours = ours if isinstance(ours, dict) else {}
    address, account, name = _sister(ours)
    items = document.get("items")
    author = _author(document)
    return Channel(
        kind="json",
        title=entries.text(document, "title")[:MAX_TITLE],
        home=markup.link(entries.text(document, "home_page_url"), url) or url,
        address=address,
        account=account,
        name=name or author,
        statement=ours.get("signed"),
        icon=markup.link(entries.text(document, "icon"), url) or "",
        entries=[
            *entries.each(
                items if isinstance(items, list) else [], lambda item: _entry(item, url, author), _when
            ),
            *(_recommends(ours) if isinstance(ours, dict) and address else []),
        ],
    )


def _sister(ours: dict[str, Any]) -> tuple[Address | None, str | None, str]:
    try:
        address = Address.parse(entries.text(ours, "address"))
    except ProtocolError:
        return None, None, ""
    account = ours.get("account")
    known = isinstance(account, str) and ACCOUNT.fullmatch(account)
    return address, account if known else None, entries.text(ours, "name")[:64]


def _author(thing: dict[str, Any]) -> str:
    authors = thing.get("authors")
    one = authors[0] if isinstance(authors, list) and authors else thing.get("author")
    return entries.text(one, "name")[:MAX_TITLE] if isinstance(one, dict) else ""


def _entry(item: dict[str, Any], base: str, author: str) -> Entry:
    url = markup.link(entries.text(item, "url") or entries.text(item, "external_url"), base) or ""
    html = entries.text(item, "content_html")
    words = entries.text(item, "content_text") or entries.text(item, "summary")
    guid = str(item["id"]) if isinstance(item.get("id"), str | int | float) else ""
    return entries.entry(
        guid=guid,
        url=url,
        title=entries.text(item, "title"),
        author=_author(item) or author,
        published=_when(item),
        updated=entries.time(entries.text(item, "date_modified")),
        body=markup.from_html(html, url or base) if html else markup.from_text(words),
        shows=_shows(item, url or base),
        signed=_signed(item.get("_porchlight")),
    )


def _recommends(ours: dict[str, Any]) -> list[Entry]:
    listed = ours.get("recommends")
    taken = listed[:MOST_RECOMMENDED] if isinstance(listed, list) else []
    return entries.each(taken, _recommended, lambda one: entries.sane(one["time"]))


def _recommended(one: dict[str, Any]) -> Entry:
    """ValueError without an address."""
    url = markup.link(entries.text(one, "url"))
    if url is None or not url.startswith("http"):
        raise ValueError("no address")
    return entries.entry(
        guid=f"recommends {url}",
        url=url,
        title=entries.text(one, "title") or url,
        author=entries.text(one, "author"),
        body=[],
        recommended=True,
        published=entries.sane(one["time"]),
        updated=None,
    )


def _when(item: dict[str, Any]) -> int | None:
    return entries.time(entries.text(item, "date_published"))


def _signed(ours: Any) -> Any:
    """The author's statement with its certificate, if there is one (SPEC 8.1)."""
    if not isinstance(ours, dict) or "post" not in ours:
        return None
    return {"post": ours["post"], "certificate": ours.get("certificate")}


def _shows(item: dict[str, Any], base: str) -> list[Attached | None]:
    found = item.get("attachments")
    return [_attached(one, base) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _attached(one: dict[str, Any], base: str) -> Attached | None:
    ours = one.get("_porchlight")
    about = ours if isinstance(ours, dict) else {}
    known = {"name": entries.text(one, "title"), **{k: about[k] for k in OURS if k in about}}
    return entries.attached(
        entries.text(one, "url"),
        entries.text(one, "mime_type"),
        base,
        alt=entries.text(one, "title"),
        size=one.get("size_in_bytes"),
        **known,
    )
