"""Finding a person by address, here or on another site: profile, account and newest posts.

Elsewhere means two plain GETs through the guarded client, the feed with its `_porchlight` extension and the
keys document (SPEC 8.1, 4.4). The account is that of the verified keys document; what the feed says of it
is only a claim. Everything a stranger's site says is cut to length and shown as text.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

from federation import fetch, here, services
from federation.fetch import Limits
from federation.guard import FetchError
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts import access, keys
from social.accounts.models import User
from social.people import faces, profiles
from social.people.models import ALT_LENGTH, LINE_LENGTH, NAME_LENGTH, TEXT_LENGTH
from social.people.pictures import Picture
from social.people.profiles import Shown

LIMITS = Limits(bytes=1_000_000, seconds=10, redirects=2)
POSTS = 5
URL_LENGTH = 2_000
TITLE_LENGTH = 300
BEGINNING = 140
BEGINNING_READ = 2_000
TAG = re.compile(r"<[^>]*>?")
WAIT_SECONDS = 25


@dataclass(frozen=True, slots=True)
class NewestPost:
    """`published` is what the site says, RFC 3339 text or empty; without a title, `title` is how it
    begins."""

    id: str
    url: str
    title: str
    published: str


@dataclass(frozen=True, slots=True)
class Person:
    address: Address
    account: str | None
    shown: Shown
    url: str
    local: bool
    posts: list[NewestPost] = field(default_factory=list)


Newest = Callable[[User], list[NewestPost]]
Follows = Callable[[User, Address], bool]
_newest: list[Newest] = []
_follows: list[Follows] = []


def register_posts(newest: Newest, follows: Follows) -> None:
    """Name what gives the newest posts of a member here, and what knows whether a member follows an
    address."""
    _newest[:], _follows[:] = [newest], [follows]


def follows(user: User, address: Address) -> bool:
    return any(asked(user, address) for asked in _follows)


def read_address(text: str) -> Address:
    """The address in `@bob@example.org`, `bob@example.org` or `https://example.org/@bob`. Raises
    `address`."""
    text = text.strip()
    if "://" in text:
        return _of_url(text)
    text = text.lower()
    found = Address.parse(text if text.startswith("@") else f"@{text}")
    return found if found.username else _nobody(text)


def _of_url(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError) as error:
        raise ProtocolError("address", text[:80]) from error
    name = parts.path.lstrip("/").split("/", 1)[0]
    if not name.startswith("@") or not parts.hostname:
        return _nobody(text)
    return Address.make(parts.hostname, port, name[1:])


def _nobody(text: str) -> Address:
    raise ProtocolError("address", text[:80])


def find(address: Address) -> Person:
    """From a thread. Raises Absent where nobody is, ProtocolError `unreachable` and what verification
    finds."""
    if address.site == here.site():
        return find_here(address)
    return services.wait_for(find_elsewhere(address), WAIT_SECONDS)


def find_here(address: Address) -> Person:
    user = access.resident(address.username)
    newest = _newest[0](user)[:POSTS] if _newest else []
    url = f"{here.origin()}/@{user.username}"
    return Person(address, user.account, profiles.of(user), url, True, newest)


async def find_elsewhere(address: Address) -> Person:
    try:
        url = f"{(await fetch.origin_of(address.site)).rstrip('/')}/@{address.username}"
        feed, document = await asyncio.gather(_feed(url), keys.document_elsewhere(address))
    except FetchError as error:
        raise ProtocolError("unreachable", str(error)) from error
    if feed is None:
        raise access.Absent
    account = document["list"]["account"] if document else None
    return Person(address, account, _shown(feed, address), url, False, _posts(feed))


async def _feed(url: str) -> dict[str, Any] | None:
    response = await fetch.get(f"{url}/feed.json", {"Accept": "application/feed+json"}, LIMITS)
    if response.status in (404, 410):
        return None
    if response.status != 200:
        raise ProtocolError("unreachable", f"feed: status {response.status}")
    try:
        found = orjson.loads(response.body)
    except ValueError as error:
        raise ProtocolError("json_syntax", "feed") from error
    return found if isinstance(found, dict) else None


def _shown(feed: dict[str, Any], address: Address) -> Shown:
    own = feed.get("_porchlight")
    own = own if isinstance(own, dict) else {}
    updated = own.get("updated")
    return Shown(
        _text(own.get("name") or feed.get("title"), NAME_LENGTH) or address.username,
        _text(own.get("position"), LINE_LENGTH),
        _text(own.get("description") or feed.get("description"), TEXT_LENGTH),
        _text(own.get("location"), LINE_LENGTH),
        updated if type(updated) is int and 0 < updated < 1 << 53 else None,
        _picture(feed, address, _text(own.get("picture_alt"), ALT_LENGTH)),
    )


def _picture(feed: dict[str, Any], address: Address, alt: str) -> Picture | None:
    """The feed's icon, as this site's copy of it."""
    url = _text(feed.get("icon"), URL_LENGTH)
    if not url.startswith(("https://", "http://")):
        url = ""
    faces.remember(address, url)
    shown = faces.path(address, url)
    return Picture(shown, shown, alt) if shown else None


def _posts(feed: dict[str, Any]) -> list[NewestPost]:
    items = feed.get("items")
    taken = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [_post(item) for item in taken[:POSTS]]


def _post(item: dict[str, Any]) -> NewestPost:
    url = _text(item.get("url"), URL_LENGTH)
    return NewestPost(
        _text(item.get("id"), URL_LENGTH) or url,
        url if url.startswith(("https://", "http://")) else "",
        _text(item.get("title"), TITLE_LENGTH) or _beginning(item),
        _text(item.get("date_published"), 40),
    )


def _beginning(item: dict[str, Any]) -> str:
    text = item.get("content_text")
    if not isinstance(text, str):
        text = unescape(TAG.sub(" ", str(item.get("content_html") or "")[:BEGINNING_READ]))
    return _text(" ".join(text.split()), BEGINNING)


def _text(value: Any, length: int) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c >= " " or c in "\n\t").strip()[:length]
