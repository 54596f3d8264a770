"""Asks followed feeds for what is new: conditional GETs, seldom when little comes, at once on a hint.

One job a feed; one feed of a site at a time, not in quick succession. The interval follows how often things
come (`rhythm`), within `SHORTEST` and `LONGEST`, and is never shorter than an answer says it is fresh; a
sister site that tells us of new posts is asked less. 301 and 308 move the feed; 410 ends it; 429 and 503 are
waited out as they say, by all feeds of the site; other failures double the wait and are shown as the feed's
problem.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from django.db import transaction

from federation import clock, fetch, jobs, threads
from federation.fetch import Limits, Response
from federation.models import Job
from homevault.protocol import moves
from homevault.protocol.errors import ProtocolError
from social.posts import activitypub, entries, finding, items, readers, rhythm, telling
from social.posts.entries import Channel
from social.posts.errors import Refusal
from social.posts.models import Feed, Follow

KIND = "poll"
NOT_READ_YET = ""
"""The kind of a feed before it was read for the first time."""
LIMITS = Limits(bytes=4_000_000, seconds=25, redirects=5)
SHORTEST = 15 * clock.MINUTE
FIRST = clock.HOUR
LONGEST = 24 * clock.HOUR
WATCHED = 2 * clock.HOUR  # the shortest interval for a sister site, which tells us itself
EACH_SITE = 1  # polls of one site at a time
APART = clock.SECOND  # between two polls of one site

_followed: list[Callable[[Feed], None]] = []
_lost: list[Callable[[Feed], None]] = []


def register() -> None:
    jobs.register(KIND, poll, per_group=EACH_SITE, at_once=jobs.ABROAD)


def on_polled(callback: Callable[[Feed], None]) -> None:
    """Register to be called in a thread after each poll, and in the transaction of the first follow."""
    _followed.append(callback)


def on_lost(callback: Callable[[Feed], None]) -> None:
    """Register to be called in a thread when a feed's site says that it is not there (404, 410), and
    with each failure once it has failed for a day (SPEC 4.13)."""
    _lost.append(callback)


def start(feed: Feed) -> None:
    """Have a feed polled from now on, in the caller's transaction."""
    _plan(feed, feed.interval)
    _tell(feed)


def now(feed: Feed, delay: int = 0) -> None:
    """Poll as soon as possible; asked for while a poll runs, there is one more after it."""
    _enqueue(feed, clock.now() + delay)


def stop(feed: Feed) -> None:
    jobs.cancel(KIND, str(feed.pk))


async def poll(job: Job) -> None:
    """The job: one conditional GET and what follows from it."""
    feed = await threads.run(_wanted, int(job.key))
    if feed is None:
        return
    try:
        response, found = await (_first_look(feed) if feed.kind == NOT_READ_YET else _look(feed))
    except (ProtocolError, Refusal) as error:
        await threads.run(_failed, feed, error.code, None)
        return
    await threads.work(settle, feed, response, found)
    await threads.run(_leave_alone, feed, response)


def _leave_alone(feed: Feed, response: Response) -> None:
    """What one feed's site asks, all of its feeds keep to."""
    asked = _retry_after(response) or 0
    jobs.hold(KIND, _host(feed), clock.now() + max(APART, asked))


def settle(feed: Feed, response: Response, found: Channel | None) -> None:
    """Act on what a feed's site answered, and plan the next poll."""
    if found is not None:
        _take(feed, response, found)
    elif response.status == 304:
        _unchanged(feed, response)
    elif response.status == 410:
        _end(feed)
    else:
        _failed(feed, f"status_{response.status}", _retry_after(response))
    if response.status in (404, 410):
        _lose(feed)
    current = _wanted(feed.pk)
    if current is not None:
        _tell(current)


def _tell(feed: Feed) -> None:
    for callback in _followed:
        callback(feed)


def note_validators(feed: Feed, response: Response) -> None:
    """Remember what the next conditional GET needs."""
    etag, modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
    feed.etag = etag if len(etag) <= 300 and _can_be_sent(etag) else ""
    feed.last_modified = modified if len(modified) <= 100 and _can_be_sent(modified) else ""
    feed.polled = clock.now()


def _can_be_sent(header: str) -> bool:
    return header.isascii() and header.isprintable()


def _wanted(pk: int) -> Feed | None:
    return Feed.objects.filter(pk=pk, gone=False, follows__isnull=False).first()


def _conditions(feed: Feed) -> dict[str, str]:
    asked = {"Accept": activitypub.ACCEPT if feed.kind == activitypub.KIND else finding.ACCEPT}
    if feed.etag:
        asked["If-None-Match"] = feed.etag
    if feed.last_modified:
        asked["If-Modified-Since"] = feed.last_modified
    return asked


async def _look(feed: Feed) -> tuple[Response, Channel | None]:
    """What a feed's site answers, and what that brings, with further pages; None if it is no 200."""
    response = await fetch.get(feed.url, _conditions(feed), LIMITS)
    if response.status != 200:
        return response, None
    return response, await finding.pages(await threads.work(_read, feed, response))


async def _first_look(feed: Feed) -> tuple[Response, Channel | None]:
    """A feed that a list named: whatever is found there is what is polled from then on."""
    found = await finding.find(feed.url)
    moved = found.url if found.url != feed.url else None
    return replace(found.response, moved=moved), found.channel


def _read(feed: Feed, response: Response) -> Channel:
    return readers.read(response.body, response.headers.get("content-type", ""), response.url, feed.kind)


def _take(feed: Feed, response: Response, found: Channel) -> None:
    with transaction.atomic():
        if response.moved:
            feed = move(feed, response.moved)
        feed.failures, feed.failing_since, feed.problem = 0, None, ""
        items.describe(feed, found)
        note_validators(feed, response)
        changed = items.absorb(feed, found)
        feed.interval = _clamp(feed, rhythm.next_interval(feed, changed))
        _save(feed, max(feed.interval, rhythm.fresh_for(response)))
        if changed:
            telling.followers_of_feed(feed, "timeline")


def move(feed: Feed, url: str) -> Feed:
    """The feed lives elsewhere for good; followers of both addresses end at one feed."""
    other = Feed.objects.filter(url=url).exclude(pk=feed.pk).first()
    if other is None:
        feed.url = url
        return feed
    for follow in Follow.objects.filter(feed=feed).exclude(user__in=other.follows.values("user")):
        follow.feed = other
        follow.save(update_fields=["feed"])
    feed.delete()
    return other


def _unchanged(feed: Feed, response: Response) -> None:
    with transaction.atomic():
        if response.moved:
            feed = move(feed, response.moved)
        feed.failures, feed.failing_since, feed.problem = 0, None, ""
        feed.polled = clock.now()
        feed.interval = _clamp(feed, rhythm.next_interval(feed, changed=False))
        _save(feed, max(feed.interval, rhythm.fresh_for(response)))


def _end(feed: Feed) -> None:
    Feed.objects.filter(pk=feed.pk).update(gone=True, problem="gone", polled=clock.now())


def _failed(feed: Feed, problem: str, wait: int | None) -> None:
    feed.failures += 1
    feed.failing_since = feed.failing_since or clock.now()
    feed.problem = problem[:64]
    feed.polled = clock.now()
    doubled = min(FIRST * 2 ** min(feed.failures - 1, 10), LONGEST)
    _save(feed, max(wait or 0, doubled if wait is None else SHORTEST))
    if moves.ask_beacons(feed.failing_since, clock.now()):
        _lose(feed)


def _lose(feed: Feed) -> None:
    for callback in _lost:
        callback(feed)


def _save(feed: Feed, wait: int | None = None) -> None:
    """Store, and plan the next poll; a feed that was forgotten meanwhile stays forgotten."""
    with transaction.atomic():
        if Feed.objects.filter(pk=feed.pk).exists():
            feed.save(force_update=True)
            _plan(feed, feed.interval if wait is None else wait)


def _plan(feed: Feed, wait: int) -> None:
    spread = random.uniform(0.9, 1.1)  # noqa: S311 - no secret
    _enqueue(feed, clock.now() + int(wait * spread))


def _enqueue(feed: Feed, when: int) -> None:
    jobs.enqueue(KIND, str(feed.pk), None, run_at=when, group=_host(feed))


def _host(feed: Feed) -> str:
    return urlsplit(feed.url).hostname or ""


def _clamp(feed: Feed, interval: int) -> int:
    return max(WATCHED if feed.watched else SHORTEST, min(interval, LONGEST))


def _retry_after(response: Response) -> int | None:
    """Milliseconds that a 429 or 503 asks to wait, a day at most; None if it does not say."""
    text = response.headers.get("retry-after", "").strip()
    if response.status not in (429, 503) or not text:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * 1000, LONGEST)
    moment = entries.time(text)
    return None if moment is None else max(0, min(moment - clock.now(), LONGEST))
