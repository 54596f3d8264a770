"""What a JSON Feed 1.1 (jsonfeed.org/version/1.1) and an Atom feed (RFC 4287, appendix B) must look like,
written down from their texts. Each checker yields what is wrong; a good feed yields nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

Check = Callable[[Any], bool]
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[^/\s;]+/[^/\s;]+(?:\s*;.*)?")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _address(value: Any) -> bool:
    return _text(value) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname)


def _iri(value: Any) -> bool:
    return _text(value) and bool(urlsplit(value).scheme) and not re.search(r"\s", value)


def _time(value: Any) -> bool:
    if not _text(value) or not RFC_3339.fullmatch(value):
        return False
    return datetime.fromisoformat(value).tzinfo is not None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text_type(value: Any) -> bool:
    return value in ("text", "html", "xhtml")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


FEED: Mapping[str, Check] = {
    "version": lambda value: value == "https://jsonfeed.org/version/1.1",
    "title": _text,
    "home_page_url": _address,
    "feed_url": _address,
    "description": _text,
    "user_comment": _text,
    "next_url": _address,
    "icon": _address,
    "favicon": _address,
    "authors": _objects,
    "language": lambda value: _text(value) and LANGUAGE.fullmatch(value) is not None,
    "expired": _flag,
    "hubs": _objects,
    "items": _objects,
}
ITEM: Mapping[str, Check] = {
    "id": _text,
    "url": _address,
    "external_url": _address,
    "title": _text,
    "content_html": lambda value: isinstance(value, str),
    "content_text": lambda value: isinstance(value, str),
    "summary": _text,
    "image": _address,
    "banner_image": _address,
    "date_published": _time,
    "date_modified": _time,
    "authors": _objects,
    "tags": _texts,
    "language": lambda value: _text(value) and LANGUAGE.fullmatch(value) is not None,
    "attachments": _objects,
}
AUTHOR: Mapping[str, Check] = {"name": _text, "url": _address, "avatar": _address}
ATTACHMENT: Mapping[str, Check] = {
    "url": _address,
    "mime_type": lambda value: _text(value) and MEDIA_TYPE.fullmatch(value) is not None,
    "title": _text,
    "size_in_bytes": _number,
    "duration_in_seconds": _number,
}


def json_feed(feed: Any) -> Iterator[str]:
    """What is wrong with a parsed JSON Feed; extensions begin with `_` and are objects."""
    yield from _members("feed", feed, FEED, ("version", "title", "items"))
    yield from _authors("feed", feed)
    ids = [item.get("id") for item in feed.get("items", [])]
    if len(ids) != len(set(ids)):
        yield "feed: an id twice"
    for place, item in enumerate(feed.get("items", [])):
        where = f"items[{place}]"
        yield from _members(where, item, ITEM, ("id",))
        yield from _authors(where, item)
        if "content_html" not in item and "content_text" not in item:
            yield f"{where}: no content"
        for attachment in item.get("attachments", []):
            yield from _members(f"{where}.attachments", attachment, ATTACHMENT, ("url", "mime_type"))


def _authors(where: str, thing: Any) -> Iterator[str]:
    for author in thing.get("authors", []):
        yield from _members(f"{where}.authors", author, AUTHOR, ())
        if not AUTHOR.keys() & author.keys():
            yield f"{where}.authors: nobody"


def _members(where: str, thing: Any, known: Mapping[str, Check], required: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{where}: no {name}" for name in required if name not in thing)
    for name, value in thing.items():
        if name.startswith("_"):
            good = isinstance(value, dict) and "." not in name
        else:
            good = name in known and known[name](value)
        if not good:
            yield f"{where}: {name} is {value!r}"


CONTAINERS: Mapping[str, Mapping[str, str]] = {
    "feed": {
        **dict.fromkeys(("author", "category", "contributor", "link", "entry"), "*"),
        **dict.fromkeys(("generator", "icon", "logo", "rights", "subtitle"), "?"),
        **dict.fromkeys(("id", "title", "updated"), "1"),
    },
    "entry": {
        **dict.fromkeys(("author", "category", "contributor", "link"), "*"),
        **dict.fromkeys(("content", "published", "rights", "source", "summary"), "?"),
        **dict.fromkeys(("id", "title", "updated"), "1"),
    },
    "author": {"name": "1", "uri": "?", "email": "?"},
}
"""How often each child may be there: `1` once, `?` at most once, `*` however often."""
ATTRIBUTES: Mapping[str, Mapping[str, Check]] = {
    "link": {
        "href": _iri,
        "rel": _text,
        "type": lambda value: MEDIA_TYPE.fullmatch(value) is not None,
        "hreflang": lambda value: LANGUAGE.fullmatch(value) is not None,
        "title": lambda value: True,
        "length": str.isdigit,
    },
    "category": {"term": _text, "scheme": _iri, "label": lambda value: True},
    "content": {"type": _text, "src": _iri},
    **{name: {"type": _text_type} for name in ("title", "subtitle", "summary", "rights")},
    "generator": {"uri": _iri, "version": lambda value: True},
}
REQUIRED = {"link": "href", "category": "term"}
CONTENTS: Mapping[str, Check] = {
    **dict.fromkeys(("id", "uri", "icon", "logo"), _iri),
    **dict.fromkeys(("updated", "published"), _time),
    "email": lambda value: re.fullmatch(r".+@.+", value) is not None,
    "name": _text,
}


def atom(feed: ElementTree.Element) -> Iterator[str]:
    """What is wrong with a parsed Atom feed."""
    if feed.tag != f"{ATOM}feed":
        yield f"the root is {feed.tag}"
    yield from _element(feed, "feed")
    has_author = feed.find(f"{ATOM}author") is not None
    yield from _links(feed, "feed")
    for entry in feed.iter(f"{ATOM}entry"):
        if not has_author and entry.find(f"{ATOM}author") is None:
            yield "entry: nobody wrote it (4.1.2)"
        yield from _links(entry, "entry")
        if entry.find(f"{ATOM}content") is None and not _alternates(entry):
            yield "entry: neither content nor alternate (4.1.2)"


def _element(element: ElementTree.Element, name: str) -> Iterator[str]:
    children = CONTAINERS.get(name, {})
    found = [child.tag.removeprefix(ATOM) for child in element]
    for child, often in children.items():
        count = found.count(child)
        if (often == "1" and count != 1) or (often == "?" and count > 1):
            yield f"{name}: {count} of {child}"
    yield from (f"{name}: {child} has no place here" for child in found if child not in children)
    known = ATTRIBUTES.get(name, {})
    for attribute, value in element.attrib.items():
        if not attribute.startswith("{") and not known.get(attribute, lambda _: False)(value):
            yield f"{name}: {attribute} is {value!r}"
    if name in REQUIRED and REQUIRED[name] not in element.attrib:
        yield f"{name}: no {REQUIRED[name]}"
    if name in CONTENTS and not CONTENTS[name](element.text or ""):
        yield f"{name}: is {element.text!r}"
    for child, tag in zip(element, found, strict=True):
        yield from _element(child, tag)


def _alternates(element: ElementTree.Element) -> list[tuple[str | None, str | None]]:
    links = [one for one in element.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"]
    return [(one.get("type"), one.get("hreflang")) for one in links]


def _links(element: ElementTree.Element, name: str) -> Iterator[str]:
    found = _alternates(element)
    if len(found) != len(set(found)):
        yield f"{name}: two alternates of one type and language (4.1.1)"
    if name == "feed" and not any(one.get("rel") == "self" for one in element.findall(f"{ATOM}link")):
        yield "feed: does not say where it is (4.1.1)"
