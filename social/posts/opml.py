"""OPML in and out: the list of what one follows, as other readers keep it.

Reading: at most `MAX_BYTES` and `MOST` feeds, nothing fetched, documents that declare entities refused.
What is taken is polled soon, spread over some minutes; the same list again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from django.db import transaction

from federation import clock, here
from federation.guard import FetchError
from federation.url import Url
from social.accounts.models import User
from social.people import profiles
from social.posts import entries, following, polling, xmlfeed
from social.posts.errors import Refusal
from social.posts.models import Feed, Follow

MAX_BYTES = 200_000
MOST = 1_000
APART = 2 * clock.SECOND  # between the first polls of what came


@dataclass(slots=True)
class Report:
    """What became of each feed of a list: URLs."""

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read(user: User, document: str) -> Report:
    """Follow what an OPML document lists. Raises Refusal `not_opml` or `too_long`."""
    report = Report()
    for url, title in _listed(document):
        _take(user, url, title, report)
    return report


def write(user: User) -> str:
    """What a member follows, as OPML 2.0."""
    follows = Follow.objects.filter(user=user).select_related("feed", "author").order_by("id")
    lines = (_outline(*_named(follow)) for follow in follows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"<head><title>Porchlight</title></head>\n<body>\n{''.join(lines)}</body>\n</opml>\n"
    )


def _listed(document: str) -> Iterable[tuple[str, str]]:
    if len(document) > MAX_BYTES:
        raise Refusal("too_long")
    data = entries.clean(document).encode()
    if xmlfeed.declares_entities(data):
        raise Refusal("not_opml", "document type declarations are not read")
    import listparser

    try:
        found = listparser.parse(data)
    except Exception as error:  # hostile bytes; whatever it stumbles over is no list to us
        raise Refusal("not_opml", type(error).__name__) from error
    if not found.get("version") and not found.feeds:
        raise Refusal("not_opml")
    if len(found.feeds) > MOST:
        raise Refusal("too_many", "feeds")
    return [(str(one.get("url") or ""), str(one.get("title") or "")) for one in found.feeds]


def _take(user: User, text: str, title: str, report: Report) -> None:
    """A member here is followed as such; a feed is looked at later, when it is polled first."""
    url = text
    try:
        author = following.member_here(text)
        if author is None:
            url = str(Url.parse(following.meant(text)))
        elif author == user:
            raise Refusal("own_address")
        if Follow.objects.filter(user=user).count() >= following.MOST:
            raise Refusal("too_many", "follows")
    except (FetchError, Refusal):
        report.refused.append(url[:200])
        return
    if author is not None:
        new = Follow.objects.get_or_create(user=user, author=author)[1]
    else:
        new = _follow(user, url, title, len(report.added) * APART)
    (report.added if new else report.known).append(url)


def _follow(user: User, url: str, title: str, delay: int) -> bool:
    with transaction.atomic():
        named = {"kind": polling.NOT_READ_YET, "title": entries.fold(title)[:300]}
        feed, first = Feed.objects.get_or_create(url=url, defaults=named)
        if first:
            polling.now(feed, delay)
        return Follow.objects.get_or_create(user=user, feed=feed)[1]


def _named(follow: Follow) -> tuple[str, str, str]:
    """Title, feed and page of a follow."""
    if follow.feed is not None:
        feed = follow.feed
        return follow.title or feed.name or feed.title or feed.url, feed.url, feed.home
    assert follow.author is not None
    page = f"{here.origin()}/@{follow.author.username}"
    return follow.title or profiles.of(follow.author).name, f"{page}/feed.json", page


def _outline(title: str, feed: str, page: str) -> str:
    home = f" htmlUrl={_attribute(page)}" if page else ""
    name = _attribute(title)
    return f'<outline type="rss" text={name} title={name} xmlUrl={_attribute(feed)}{home}/>\n'


def _attribute(text: str) -> str:
    return quoteattr(entries.NOT_XML.sub("", text))
