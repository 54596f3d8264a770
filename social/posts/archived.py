"""Posts in other forms: what an own archive, or one of Mastodon, says of each.

Both readers yield an `Entry` for a post, or a word why it is left out. Bodies go through the sanitiser as
everybody's do. Times are milliseconds since 1970, never in the future.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from federation import clock
from social.posts import markdown, markup, tags
from social.posts.errors import Refusal

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
MAX_TITLE = 200
MOST_EARLIER = 100
FILES = "media_attachments/files/"


@dataclass(frozen=True, slots=True)
class Show:
    """A picture or file of a post: where it lies in the archive, what it is called, what it shows."""

    file: str
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a post said before; `time` is when it began to."""

    title: str
    source: str
    time: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A post to be taken over. `slug` is a wish, empty for none; `media` counts files that are nowhere in the
    archive."""

    uid: UUID
    slug: str
    title: str
    source: str
    body: markup.Tree
    tags: list[str]
    published: int
    updated: int
    open_history: bool = True
    media: int = 0
    shows: tuple[Show, ...] = ()
    earlier: tuple[Earlier, ...] = ()


Reader = Callable[[Any], Entry | str]


def of_own(item: Any) -> Entry | str:
    """An item of an own archive's feed, or of any JSON Feed."""
    if not isinstance(item, dict):
        return "damaged"
    ours = item.get("_porchlight")
    ours = ours if isinstance(ours, dict) else {}
    published = _time(item.get("date_published"))
    source = _text(ours.get("source")) or markup.to_html(
        markup.from_html(_text(item.get("content_html")), _text(item.get("url")))
        or markup.from_text(_text(item.get("content_text")))
    )
    slug = _text(ours.get("slug"))
    return _entry(
        Entry(
            uid=_uid(_text(item.get("id")) or _text(item.get("url"))),
            slug=slug if SLUG.fullmatch(slug) else "",
            title=_text(item.get("title")),
            source=source,
            body=[],
            tags=_labels(ours.get("tags", item.get("tags"))),
            published=published or 0,
            updated=max(_time(item.get("date_modified")) or 0, published or 0),
            open_history=ours.get("open_history") is not False,
            shows=_shows(ours.get("shows")),
            earlier=_earlier(ours.get("versions")),
        )
    )


def of_mastodon(activity: Any) -> Entry | str:
    """An activity of a Mastodon archive's outbox."""
    if not isinstance(activity, dict):
        return "damaged"
    if activity.get("type") != "Create":
        return "boost" if activity.get("type") == "Announce" else "other"
    note = activity.get("object")
    if not isinstance(note, dict) or note.get("type") not in ("Note", "Article", "Question"):
        return "other"
    if not PUBLIC & set(_list(note.get("to", activity.get("to")))):
        return "not_public"
    published = _time(note.get("published") or activity.get("published"))
    link = _text(note.get("id"))
    last = link.rstrip("/").rsplit("/", 1)[-1].lower()
    attached = _list(note.get("attachment"))
    names = [one.get("name") for one in _list(note.get("tag")) if _is_hashtag(one)]
    return _entry(
        Entry(
            uid=_uid(link),
            slug=last if SLUG.fullmatch(last) else "",
            title=_text(note.get("name")) or _text(note.get("summary")),
            source=markup.to_html(markup.from_html(_text(note.get("content")))),
            body=[],
            tags=_labels(names),
            published=published or 0,
            updated=max(_time(note.get("updated")) or 0, published or 0),
            media=sum(not _path(one) for one in attached),
            shows=tuple(Show(_path(one), _path(one), _said(one)) for one in attached if _path(one)),
        )
    )


def _entry(found: Entry) -> Entry | str:
    """The same with its body made and everything within its bounds; or why it cannot be one."""
    if not found.published:
        return "no_date"
    if len(found.source) > markdown.MAX_SOURCE:
        return "too_long"
    body = markdown.to_tree(found.source)
    title = " ".join(found.title.split())[:MAX_TITLE]
    if not title and not markup.to_text(body) and not (found.shows or found.media):
        return "empty"
    values = {name: getattr(found, name) for name in Entry.__slots__}
    return Entry(**{**values, "title": title, "body": body})


def _uid(name: str) -> UUID:
    """The id in a `urn:uuid`, else one made of the name, always the same."""
    try:
        return UUID(name) if name.startswith("urn:uuid:") else uuid5(NAMESPACE_URL, name)
    except ValueError:
        return uuid5(NAMESPACE_URL, name)


def _labels(given: Any) -> list[str]:
    labels: list[str] = []
    for one in _list(given):
        try:
            labels += tags.checked([_text(one)[: 2 * MAX_TITLE]])
        except Refusal:
            continue
    return tags.checked(list(dict.fromkeys(labels))[: tags.MOST])


def _shows(given: Any) -> tuple[Show, ...]:
    parts = [one for one in _list(given) if isinstance(one, dict)]
    found = [Show(*(_text(one.get(name)) for name in ("file", "name", "alt"))) for one in parts]
    return tuple(one for one in found if one.file)


def _earlier(given: Any) -> tuple[Earlier, ...]:
    found = [
        Earlier(_text(one.get("title"))[:MAX_TITLE], _text(one.get("source")), _time(one.get("date")) or 0)
        for one in _list(given)[:MOST_EARLIER]
        if isinstance(one, dict)
    ]
    fitting = (one for one in found if one.time and len(one.source) <= markdown.MAX_SOURCE)
    return tuple(sorted(fitting, key=lambda one: one.time))


def _path(attachment: Any) -> str:
    """Where a Mastodon archive keeps an attachment, empty for nowhere."""
    url = _text(attachment.get("url")) if isinstance(attachment, dict) else ""
    place = url.find(FILES)
    return url[place:] if place >= 0 else ""


def _said(attachment: Any) -> str:
    return _text(attachment.get("name")) if isinstance(attachment, dict) else ""


def _is_hashtag(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") == "Hashtag"


def _list(value: Any) -> list[Any]:
    """ActivityStreams and people write one thing as itself."""
    if isinstance(value, list):
        return [one for one in value[:1_000] if isinstance(one, str | dict)]
    return [value] if isinstance(value, str | dict) else []


def _text(value: Any) -> str:
    """A string that every database takes; what is no string is none."""
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _time(value: Any) -> int | None:
    try:
        found = datetime.fromisoformat(_text(value))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        milliseconds = int(found.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return min(milliseconds, clock.now()) if milliseconds > 0 else None
