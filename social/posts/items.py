"""What came with a feed becomes items: each once, sanitised, none later than it was seen.

An item that a sister site's feed no longer has, though the feed reaches back beyond it, was deleted there
and goes here too; other feeds just end somewhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from federation import clock
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.people import beacons
from social.posts import sameness, verifying
from social.posts.entries import MOST_RECOMMENDED, Channel, Entry
from social.posts.models import Feed, Item
from social.posts.verifying import Verdict

KEPT = 500  # items a feed
CHANGING = ("url", "title", "author", "body", "shows", "updated", "link_key", "signature", "signed_number")


def describe(feed: Feed, found: Channel) -> None:
    """Take over what the feed says of itself, keep what it does not say; the account seen first stays."""
    feed.kind = found.kind
    feed.title, feed.home = found.title or feed.title, found.home or feed.home
    feed.name = found.name or feed.name
    feed.icon = found.icon if found.icon.startswith(("https://", "http://")) else ""
    sister = sister_of(found, feed.url)
    if sister is None:
        return
    feed.ip, feed.port, feed.username = sister.ip, sister.port, sister.username
    if found.account and feed.account and found.account != feed.account:
        feed.problem = "account_changed"
    feed.account = feed.account or found.account or ""
    if found.statement is not None:
        with contextlib.suppress(ProtocolError):
            feed.statement = beacons.newer(bytes(feed.statement), found.statement, feed.account)


def absorb(feed: Feed, found: Channel) -> bool:
    """Add and update items, in the caller's transaction; true if anything changed."""
    known = {item.guid: item for item in feed.items.defer("comments")}
    now = clock.now()
    unseen = [entry for entry in found.entries if entry.guid not in known]
    fresh = [_new(feed, entry, now - place) for place, entry in enumerate(unseen)]
    Item.objects.bulk_create(fresh, ignore_conflicts=True)
    changed = [
        known[entry.guid]
        for entry in found.entries
        if entry.guid in known and _update(feed, known[entry.guid], entry, now)
    ]
    Item.objects.bulk_update(changed, CHANGING)
    gone = _deleted_there(feed, found, known)
    Item.objects.filter(pk__in=gone).delete()
    _trim(feed)
    return bool(fresh or changed or gone)


def sister_of(found: Channel, url: str) -> Address | None:
    """The address a feed claims, if it is that site's own feed of that person."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    claimed = found.address
    if claimed is None or claimed.site != (parts.hostname, port):
        return None
    return claimed if parts.path == f"/@{claimed.username}/feed.json" else None


def _new(feed: Feed, entry: Entry, now: int) -> Item:
    verdict = verifying.judge(feed, entry, None)
    published = min(entry.published or now, now)
    return Item(
        feed=feed,
        guid=entry.guid,
        url=entry.url,
        title=entry.title,
        author=entry.author,
        body=entry.body,
        shows=_shows(entry, verdict),
        published=published,
        updated=min(entry.updated or published, now),
        guid_key=sameness.guid_key(entry.guid),
        link_key=sameness.link_key(entry.url),
        signature=verdict.signature,
        signed_number=verdict.number,
        recommended=entry.recommended,
    )


def _update(feed: Feed, item: Item, entry: Entry, now: int) -> bool:
    verdict = verifying.judge(feed, entry, item)
    judged = (verdict.signature, verdict.number) != (item.signature, item.signed_number)
    item.signature, item.signed_number = verdict.signature, verdict.number
    before = (item.url, item.title, item.author, item.body, item.shows)
    after = (entry.url, entry.title, entry.author, entry.body, _shows(entry, verdict))
    if before == after:
        return judged
    item.url, item.title, item.author, item.body, item.shows = after
    item.link_key = sameness.link_key(item.url)
    item.updated = min(entry.updated or now, now)
    return True


def _shows(entry: Entry, verdict: Verdict) -> list[dict[str, Any]]:
    """What an entry shows, with the hashes that its author signed."""
    shows = [asdict(one) for one in entry.shows]
    for one, hash in zip(shows, verdict.hashes, strict=False):
        one["hash"] = hash
    return shows


def _deleted_there(feed: Feed, found: Channel, known: dict[str, Item]) -> list[int]:
    if not feed.ip:
        return []
    return [*_gone(found, known, recommended=False), *_gone(found, known, recommended=True)]


def _gone(found: Channel, known: dict[str, Item], recommended: bool) -> Iterator[int]:
    """Of the posts, or of what is recommended: each list reaches back as far as its oldest; if fewer are
    recommended than fit, these are all."""
    listed = [entry for entry in found.entries if entry.recommended == recommended]
    named = {entry.guid for entry in listed}
    reach = min((entry.published for entry in listed if entry.published), default=None)
    if recommended and len(listed) < MOST_RECOMMENDED:
        reach = None
    for item in known.values():
        is_in_reach = reach is None or item.published >= reach
        if item.recommended == recommended and item.guid not in named and is_in_reach:
            yield item.pk


def _trim(feed: Feed) -> None:
    beyond = feed.items.order_by("-published", "-id").values_list("pk", flat=True)[KEPT:]
    Item.objects.filter(pk__in=list(beyond)).delete()
