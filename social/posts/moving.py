"""People who moved: what their account says of it is kept, served, and followed to where they live now
(SPEC 4.13).

Kept are moves of accounts that live here and of accounts that somebody here follows. Anybody may bring one,
for only the account key can have signed it. Where a followed person's site has failed for a day, the beacons
that they named are asked too. A follow changes once the keys document at the new address is of
the same account; until then nothing does.
"""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from federation import clock, fetch, here, jobs, threads
from federation.fetch import Limits
from federation.here import Site
from federation.models import Job
from homevault.protocol import canonical, moves
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from homevault.protocol.moves import MOVED_PATH, Move
from social.accounts import access
from social.accounts.models import User
from social.people import beacons, lookup
from social.posts import polling, telling
from social.posts.models import Feed, Follow, Moved

KIND = "moved"
LIMIT = 1_024
LIMITS = Limits(bytes=LIMIT, seconds=15, redirects=2)


def register() -> None:
    jobs.register(KIND, _follow_after, at_once=jobs.ABROAD)
    polling.on_lost(look_after)


def newest(account: str) -> bytes | None:
    """The newest move that is known of an account, canonical."""
    found = Moved.objects.filter(account=account).values_list("wire", flat=True).first()
    return None if found is None else bytes(found)


def take(data: bytes, account: str) -> None:
    """Keep a move, if it is newer than what is known. Raises Absent for an account that nobody here has or
    follows, and the ProtocolError of a move that is none of the account's."""
    move = moves.verify_move(canonical.parse(data, LIMIT), account)
    if not _is_known(account):
        raise access.Absent
    with transaction.atomic():
        _keep(move)
        for feed in Feed.objects.filter(account=account).exclude(ip=""):
            look_after(feed)


def look_after(feed: Feed) -> None:
    """Somebody's site says that they are not there, or nothing for long: have it asked where they are."""
    if feed.ip and feed.account:
        jobs.enqueue(KIND, str(feed.pk), None, group=urlsplit(feed.url).hostname)


def _is_known(account: str) -> bool:
    lives_here = User.objects.filter(account=account, is_active=True).exists()
    return lives_here or Feed.objects.filter(account=account, follows__isnull=False).exists()


def _known(account: str) -> Move | None:
    wire = newest(account)
    return None if wire is None else moves.verify_move(canonical.parse(wire, LIMIT), account)


def _keep(move: Move) -> Move:
    """What is the newest now."""
    with transaction.atomic():
        row, _ = Moved.objects.select_for_update().get_or_create(account=move.account)
        before = moves.verify_move(canonical.parse(bytes(row.wire), LIMIT)) if row.wire else None
        found = moves.latest(before, move)
        row.wire = canonical.canonical(found.wire)
        row.save(update_fields=["wire"])
    return found


async def _follow_after(job: Job) -> None:
    feed = await threads.run(Feed.objects.filter(pk=int(job.key), follows__isnull=False).first)
    if feed is None:
        return
    move = await _asked(feed)
    if move is None or move.address == _address(feed):
        return
    if move.address.site == here.site():
        await threads.run(_follow_here, feed.pk, move.address.username)
    elif await _lives_at(move):
        origin = (await fetch.origin_of(move.address.site)).rstrip("/")
        await threads.run(
            _follow_there, feed.pk, move.address, f"{origin}/@{move.address.username}/feed.json"
        )


async def _asked(feed: Feed) -> Move | None:
    """The newest move that the old site, this one or the beacons know."""
    assert feed.site is not None
    for site in (feed.site, *_beacons(feed)):
        with contextlib.suppress(ProtocolError):  # another may still say it
            await _ask(site, feed.account)
    return await threads.run(_known, feed.account)


def _beacons(feed: Feed) -> list[Site]:
    """The sites that the account names, once its own has failed for a day."""
    named = beacons.of(bytes(feed.statement), feed.account)
    if named is None or not moves.ask_beacons(feed.failing_since, clock.now()):
        return []
    return [each.site for each in named.beacons if each.site != here.site()]


async def _ask(site: Site, account: str) -> None:
    """Keep what a site knows of an account's moves. Raises ProtocolError."""
    origin = (await fetch.origin_of(site)).rstrip("/")
    asked = await fetch.get(f"{origin}{MOVED_PATH}{account}", None, LIMITS)
    if asked.status == 200:
        await threads.run(_keep, moves.verify_move(canonical.parse(asked.body, LIMIT), account))


async def _lives_at(move: Move) -> bool:
    try:
        person = await lookup.find_elsewhere(move.address)
    except access.Absent:
        return False
    except ProtocolError as error:
        if error.code == "unreachable":
            raise jobs.Retry(reason=error.detail) from error
        return False
    return person.account == move.account


def _address(feed: Feed) -> Address:
    return Address(feed.ip, feed.port, feed.username)


def _follow_there(pk: int, address: Address, url: str) -> None:
    with transaction.atomic():
        feed = polling.move(Feed.objects.select_for_update().get(pk=pk), url)
        fresh: dict[str, Any] = {"gone": False, "failures": 0, "problem": "", "etag": "", "last_modified": ""}
        fresh |= {"failing_since": None}
        fresh |= {"ip": address.ip, "port": address.port, "username": address.username, "url": feed.url}
        Feed.objects.filter(pk=feed.pk).update(**fresh)
        feed.refresh_from_db()
        polling.now(feed)
        telling.followers_of_feed(feed, "timeline")


def _follow_here(pk: int, username: str) -> None:
    """They live on this site now: members follow them without a feed."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=pk)
        author = User.objects.filter(username=username, account=feed.account, is_active=True).first()
        if author is None:
            return
        telling.followers_of_feed(feed, "timeline")
        already = Follow.objects.filter(author=author).values("user")
        feed.follows.exclude(user=author).exclude(user__in=already).update(author=author, feed=None)
        polling.stop(feed)
        feed.delete()
