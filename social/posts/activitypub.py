"""Reads ActivityPub by plain GET: an actor, its outbox and the outbox's pages. Public things only.

Public is what `to`, `cc` or `audience` address to everybody, by any of the three spellings; an object's own
addressing counts before that of the activity around it. Boosts, answers of machines and what was taken back
are left out. Any JSON is taken without a fault: what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from social.posts import entries, markup
from social.posts.entries import MAX_TITLE, Attached, Channel, Entry

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
TYPES = ("application/activity+json", "application/ld+json")
PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
COLLECTIONS = {"OrderedCollection", "Collection", "OrderedCollectionPage", "CollectionPage"}
ADDRESSING = ("to", "cc", "audience")
GONE = {"Tombstone", "Delete"}
KIND = "activitypub"


def read(document: dict[str, Any], url: str) -> Channel | None:
    """The actor, outbox or page in a parsed document; None for anything else. An actor has no entries: `more`
    is its outbox."""
    if types(document) & COLLECTIONS:
        return _collection(document, url)
    outbox = _address(document.get("outbox"))
    if outbox and _same_site(outbox, url):
        return Channel(KIND, _name(document), _page_of(document, url), name=_name(document), more=outbox)
    return None


def types(thing: Any) -> set[str]:
    found = (thing.get("type") or thing.get("@type")) if isinstance(thing, dict) else None
    return {one.removeprefix("as:") for one in _list(found) if isinstance(one, str)}


def is_public(thing: dict[str, Any]) -> bool:
    """Whether everybody is among those it is addressed to."""
    return any(_address(one) in PUBLIC for name in ADDRESSING for one in _list(thing.get(name)))


def _collection(document: dict[str, Any], url: str) -> Channel:
    page = document
    items = _items(document)
    first = document.get("first")
    if not items and isinstance(first, dict):
        page, items = first, _items(first)
    more = _address(page.get("next")) if items or page is not document else _address(first)
    owner = _address(document.get("attributedTo"))
    return Channel(
        kind=KIND,
        title="",
        home=owner if owner and _same_site(owner, url) else "",
        entries=entries.each(list(_objects(items, url)), lambda one: _entry(one, url), _when),
        more=more if more and more != url and _same_site(more, url) else "",
    )


def _items(page: dict[str, Any]) -> list[Any]:
    return _list(page.get("orderedItems")) or _list(page.get("items"))


def _objects(items: list[Any], url: str) -> Iterator[dict[str, Any]]:
    """The public things that the outbox's owner made, whole, each with the times of its activity."""
    for activity in items:
        if not isinstance(activity, dict):
            continue
        made = bool(types(activity) & {"Create", "Update"})
        for thing in _list(activity.get("object")) if made else [activity]:
            if isinstance(thing, dict) and _is_shown(thing, activity, url):
                yield {**thing, "published": thing.get("published") or activity.get("published")}


def _is_shown(thing: dict[str, Any], activity: dict[str, Any], url: str) -> bool:
    addressed = thing if any(name in thing for name in ADDRESSING) else activity
    identity = _address(thing)
    return (
        is_public(addressed)
        and not types(thing) & GONE
        and "object" not in thing
        and (not identity or _same_site(identity, url))
    )


def _entry(thing: dict[str, Any], base: str) -> Entry:
    html = _words(thing, "content")
    name = _words(thing, "name")
    warning = _words(thing, "summary") if html else ""
    body = markup.from_html(html or _words(thing, "summary"), base)
    return entries.entry(
        guid=_address(thing),
        url=_page_of(thing, base),
        title=name or entries.plain(warning),
        author="",
        published=_when(thing),
        updated=entries.time(entries.text(thing, "updated")),
        body=body,
        shows=_shows(thing, base),
    )


def _when(thing: dict[str, Any]) -> int | None:
    return entries.time(entries.text(thing, "published"))


def _shows(thing: dict[str, Any], base: str) -> list[Attached | None]:
    return [_attached(one, base) for one in _list(thing.get("attachment")) if isinstance(one, dict)]


def _attached(one: dict[str, Any], base: str) -> Attached | None:
    """Where the type is not said, the kind of the object says it."""
    type = entries.text(one, "mediaType") or next(
        (f"{name.lower()}/*" for name in ("Image", "Audio", "Video") if name in types(one)), ""
    )
    return entries.attached(
        _page_of(one, ""),
        type,
        base,
        alt=_words(one, "name"),
        width=one.get("width"),
        height=one.get("height"),
        blurhash=one.get("blurhash"),
    )


def _words(thing: Any, name: str) -> str:
    """Text that may stand in several languages: the plain one, else the first."""
    found = entries.text(thing, name)
    languages = thing.get(f"{name}Map")
    if not found and isinstance(languages, dict):
        found = next((entries.clean(one) for one in languages.values() if isinstance(one, str)), "")
    return found


def _name(actor: dict[str, Any]) -> str:
    name = _words(actor, "name") or entries.text(actor, "preferredUsername")
    return entries.fold(name)[:MAX_TITLE]


def _page_of(thing: dict[str, Any], base: str) -> str:
    """Where a person reads it: the HTML link of `url`, else the first, else the id."""
    links = _list(thing.get("url"))
    pages = [one for one in links if isinstance(one, dict) and one.get("mediaType") == "text/html"]
    for one in [*pages, *links, thing]:
        found = markup.link(_address(one), base)
        if found and found.startswith("http"):
            return found
    return ""


def _address(thing: Any) -> str:
    """The id of a thing that is named or contained; of a link, where it leads."""
    if isinstance(thing, dict):
        thing = thing.get("href") or thing.get("id") or thing.get("@id")
    return entries.clean(thing) if isinstance(thing, str) else ""


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _same_site(one: str, other: str) -> bool:
    """Whether two URLs are of one site: nobody's outbox speaks for another's."""
    try:
        return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower() != ""
    except ValueError:
        return False
