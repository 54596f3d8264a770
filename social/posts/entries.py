"""What every kind of feed is read into, and the small tools its readers share.

Promise: an item that cannot be read is left out, the first of several with the same id counts, and nothing
that no database takes (lone surrogates, NUL) comes through.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from homevault.protocol.addresses import Address
from social.posts import markup

MAX_ENTRIES = 100
MAX_TITLE = 300
MAX_ID = 500
MAX_SHOWN = 20
MOST_RECOMMENDED = 20
KINDS = {"image": "image", "audio": "audio", "video": "video", "application/pdf": "document"}
"""What is shown, by media type or the part before its slash."""
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError)
"""What reading an item of a shape that nobody expects can end in."""
LEAP_SECOND = re.compile(r"(?<=:[0-5][0-9]:)60")
Made = TypeVar("Made")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or file that an entry shows; `kind` is image, audio, video or document, zero is unknown."""

    url: str
    kind: str
    type: str
    name: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    blurhash: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed; times are milliseconds, None when the feed does not say. `signed` is what a sister
    site gives as the author's statement, not verified; a `recommended` one is no post of the feed's, but
    what its person recommends."""

    guid: str
    url: str
    title: str
    author: str
    published: int | None
    updated: int | None
    body: markup.Tree
    shows: tuple[Attached, ...] = ()
    signed: Any = None
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: `kind` is json, atom, rss, hfeed or activitypub. Address and account are set when it is a
    sister site's; `more` is where its entries go on, for a feed that comes in pages; `icon` is a square
    picture that stands for it; `statement` is what a sister site gives as signed by its person,
    not verified."""

    kind: str
    title: str
    home: str
    address: Address | None = None
    account: str | None = None
    name: str = ""
    entries: list[Entry] = field(default_factory=list)
    more: str = ""
    icon: str = ""
    statement: Any = None


def pack(channel: Channel) -> dict[str, Any]:
    """A channel as JSON, for `unpack`."""
    return {**asdict(channel), "address": str(channel.address) if channel.address else None}


def unpack(packed: dict[str, Any]) -> Channel:
    address = Address.parse(packed["address"]) if packed["address"] else None
    return Channel(**{**packed, "address": address, "entries": [_unpacked(one) for one in packed["entries"]]})


def _unpacked(packed: dict[str, Any]) -> Entry:
    return Entry(**{**packed, "shows": tuple(Attached(**one) for one in packed["shows"])})


def entry(
    guid: str,
    url: str,
    title: str,
    author: str,
    body: markup.Tree,
    shows: Iterable[Attached | None] = (),
    signed: Any = None,
    recommended: bool = False,
    **times: int | None,
) -> Entry:
    """A tidy entry; ValueError if there is nothing in it."""
    exhibits = {one.url: one for one in shows if one is not None}
    if not (url or title or body or exhibits):
        raise ValueError("nothing in it")
    return Entry(
        clean(guid) if len(guid) <= MAX_ID else _digest(guid),
        url,
        fold(title)[:MAX_TITLE],
        fold(author)[:MAX_TITLE],
        body=body,
        shows=tuple(exhibits.values())[:MAX_SHOWN],
        signed=signed,
        recommended=recommended,
        **times,
    )


def attached(url: str, type: str, base: str, **about: Any) -> Attached | None:
    """Something that an entry shows, tidied; None for what is not shown (other types, other schemes)."""
    link = markup.link(url, base)
    type = type.split(";")[0].strip().lower()
    kind = KINDS.get(type) or KINDS.get(type.partition("/")[0])
    if kind is None or link is None or not link.startswith("http") or type == "image/svg+xml":
        return None
    texts: dict[str, Any] = {
        name: fold(clean(value))[:most]
        for name, most in (("name", 255), ("alt", 1500), ("blurhash", 64))
        if isinstance(value := about.get(name), str)
    }
    sizes: dict[str, Any] = {
        name: value
        for name in ("width", "height", "size")
        if isinstance(value := about.get(name), int) and 0 < value < 2**40
    }
    return Attached(link, kind, type[:64], **texts, **sizes)


def each(
    items: Iterable[Any], make: Callable[[Any], Entry], when: Callable[[Any], int | None]
) -> list[Entry]:
    """Each item on its own: one that cannot be read is left out; the first of equal ids counts. Of more than
    are taken the newest by `when`, in the order of the feed."""
    found = _identified(list(_readable(_newest(list(items), when), make)))
    return list({one.guid: one for one in reversed(found)}.values())[::-1]


def _newest(items: list[Any], when: Callable[[Any], int | None]) -> list[Any]:
    """Items without a time count as older than those with one, and the earlier in the feed as the newer."""
    if len(items) <= MAX_ENTRIES:
        return items
    times = [next(_readable([item], when), None) or 0 for item in items]
    taken = sorted(range(len(items)), key=lambda place: (-times[place], place))[:MAX_ENTRIES]
    return [items[place] for place in sorted(taken)]


def _readable(items: Iterable[Any], make: Callable[[Any], Made]) -> Iterator[Made]:
    for item in items:
        try:
            yield make(item)
        except UNREADABLE:
            continue


def _identified(found: list[Entry]) -> list[Entry]:
    """Each with an id: where the feed gives none its address, or its words if others have that too."""
    nameless = Counter(one.url for one in found if not one.guid and one.url)
    return [one if one.guid else replace(one, guid=_made_id(one, nameless[one.url] == 1)) for one in found]


def _made_id(one: Entry, by_address: bool) -> str:
    return one.url[:MAX_ID] if by_address else _digest(one.title + markup.to_html(one.body))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def text(thing: Any, name: str) -> str:
    """The member `name` if it is text, else nothing."""
    value = thing.get(name)
    return clean(value) if isinstance(value, str) else ""


def clean(words: str) -> str:
    """Without what no database takes: lone surrogates and NUL."""
    return words.encode("utf-8", "replace").decode().replace("\0", "")


def plain(html: str) -> str:
    return markup.to_text(markup.from_html(html))


def fold(words: str) -> str:
    return " ".join(words.split())


def time(words: str) -> int | None:
    """Milliseconds of an ISO 8601 time, or of one as in mail; UTC where it names no zone. A leap second is
    the one before."""
    words = LEAP_SECOND.sub("59", words.strip().upper())
    try:
        moment = datetime.fromisoformat(words) if words[:1].isdigit() else parsedate_to_datetime(words)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return sane(int(moment.timestamp() * 1000))


def sane(milliseconds: int) -> int | None:
    return milliseconds if 0 < milliseconds < 253_402_300_800_000 else None
