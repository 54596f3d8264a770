"""Finds the feed that an address or URL means: a sister site's, any feed, a page's feeds, an outbox.

Every question goes through the guarded client, at most `SECONDS` in all. Errors are Refusals: `not_a_feed`,
`not_found`, `unreachable`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from federation import fetch, threads
from federation.fetch import Limits, Response
from federation.url import Url, ascii_host
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.posts import activitypub, markup, readers, reading
from social.posts.entries import Channel
from social.posts.errors import Refusal
from social.posts.reading import Link

LIMITS = Limits(bytes=4_000_000, seconds=15, redirects=5)
SECONDS = 30
ACCEPT = (
    "application/feed+json, application/atom+xml, application/rss+xml, text/html;q=0.9, "
    "application/activity+json;q=0.8, application/json;q=0.8, */*;q=0.5"
)
TRIES = 2  # feeds tried of those a page names
OTHERS = 20  # named to choose from
PAGES = 3  # of an outbox
ENOUGH = 20  # entries, to ask for no further page
SELF = "self"
PERSON = re.compile(r"@([A-Za-z0-9_.~-]{1,64})@([^@\s/]{1,260})")
"""Names of other networks may hold more than ours."""
PORT = re.compile(r":[0-9]+\Z")
WEBFINGER = (SELF, "http://schemas.google.com/g/2010#updates-from", "http://webfinger.net/rel/profile-page")
"""Relations of a WebFinger document that lead to somebody's posts, the best first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed: where to poll it, what is in it now, the answer it came with, and what else the page names."""

    url: str
    channel: Channel
    response: Response
    others: list[Link] = field(default_factory=list)


async def find(text: str) -> Found:
    """What `text` means: `@name@host` or a URL. Raises Refusal."""
    try:
        async with asyncio.timeout(SECONDS):
            return await (_of_person(text) if text.startswith("@") else _at(text))
    except TimeoutError as error:
        raise Refusal("unreachable", "time") from error
    except ProtocolError as error:
        raise _refusal(error) from error


async def pages(found: Channel) -> Channel:
    """The same with what its further pages hold, as many as it takes. Raises ProtocolError or Refusal."""
    asked: set[str] = set()
    entries = {one.guid: one for one in found.entries}
    more = found.more
    while more and more not in asked and len(asked) < PAGES and len(entries) < ENOUGH:
        asked.add(more)
        response = _expect(await fetch.get(more, {"Accept": activitypub.ACCEPT}, LIMITS))
        page = await _read(response)
        entries = {**{one.guid: one for one in page.entries}, **entries}
        more = page.more
    return replace(found, entries=list(entries.values()), more="")


async def _of_person(text: str) -> Found:
    """A sister site answers at a known place; anybody else says by WebFinger where they are."""
    match = PERSON.fullmatch(text)
    if match is None:
        raise Refusal("not_a_feed", "address")
    name, site = match[1], _site(match[2])
    origin = (await fetch.origin_of(site.site)).rstrip("/")
    try:
        return await _feed(f"{origin}/@{name.lower()}/feed.json")
    except Refusal as error:
        if error.code == "unreachable" and error.detail == "time":
            raise
    return await _by_webfinger(origin, f"acct:{name}@{site}")


def _site(host: str) -> Address:
    """The site that people write so: capitals and letters beyond ASCII are the same as their plain form."""
    name, mark, port = host.rpartition(":") if PORT.search(host) else (host, "", "")
    return Address.parse(ascii_host(name) + mark + port)


async def _by_webfinger(origin: str, resource: str) -> Found:
    asked = await fetch.get(
        f"{origin}/.well-known/webfinger?resource={resource}", {"Accept": "application/jrd+json"}, LIMITS
    )
    problem = Refusal("not_found", resource)
    for url in _named(_expect(asked).body):
        try:
            return await _at(url)
        except Refusal as error:
            problem = error
    raise problem


def _named(body: bytes) -> Iterator[str]:
    """The addresses in a WebFinger document, by the order of WEBFINGER."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("not_a_feed", "webfinger") from error
    offered = document.get("links") if isinstance(document, dict) else None
    links = [one for one in offered if isinstance(one, dict)] if isinstance(offered, list) else []
    for rel in WEBFINGER:
        for one in links:
            if one.get("rel") == rel and (rel != SELF or _is_actor(one)):
                href = one.get("href")
                url = markup.link(href) if isinstance(href, str) else None
                if url:
                    yield url


def _is_actor(link: dict[str, Any]) -> bool:
    return str(link.get("type") or "").split(";")[0].strip() in activitypub.TYPES


async def _at(url: str) -> Found:
    """The feed at `url`, or the one that the page at `url` names, or the page itself as a feed."""
    response = await _get(url)
    try:
        return await _whole(url, response)
    except Refusal as error:
        problem = error
    kind, named = response.headers.get("content-type", ""), response.headers.get("link", "")
    links = reading.feed_links(response.body, kind, response.url, named)[:OTHERS]
    page = await _page(url, response) if reading.is_page(response.body, kind) else None
    for link in links[:TRIES]:
        try:
            found = await _feed(link.url)
        except Refusal as error:
            problem = error
            continue
        rest = [one for one in links if one.url != link.url]
        return replace(found, others=rest + ([Link(page.url, reading.PAGE, "")] if page else []))
    if page is None:
        raise problem
    return replace(page, others=links)


async def _page(url: str, response: Response) -> Found | None:
    """The page as a feed, if it shows posts in a form we read."""
    try:
        return Found(_lasting(url, response), await _read(response, reading.PAGE), response)
    except Refusal:
        return None


async def _feed(url: str) -> Found:
    return await _whole(url, await _get(url))


async def _whole(url: str, response: Response) -> Found:
    """The feed in an answer; an actor gives way to their outbox."""
    channel = await _read(response)
    if channel.kind != activitypub.KIND:
        return Found(_lasting(url, response), channel, response)
    if channel.more and not channel.entries and channel.title:
        actor, url = channel, channel.more
        response = await _get(url)
        outbox = await _read(response)
        channel = replace(outbox, title=actor.title, name=actor.name, home=actor.home)
    return Found(_lasting(url, response), await pages(channel), response)


def _lasting(asked: str, response: Response) -> str:
    """Where to ask next time: where it moved for good, else where it was asked for."""
    return response.moved or str(Url.parse(asked))


async def _read(response: Response, kind: str = "") -> Channel:
    content_type = response.headers.get("content-type", "")
    return await threads.work(readers.read, response.body, content_type, response.url, kind)


async def _get(url: str) -> Response:
    return _expect(await fetch.get(url, {"Accept": ACCEPT}, LIMITS))


def _expect(response: Response) -> Response:
    if response.status in (404, 410):
        raise Refusal("not_found", f"status {response.status}")
    if response.status != 200:
        raise Refusal("unreachable", f"status {response.status}")
    return response


def _refusal(error: ProtocolError) -> Refusal:
    return Refusal("unreachable" if error.code == "unreachable" else "not_a_feed", error.detail)
