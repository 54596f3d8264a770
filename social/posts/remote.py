"""Comments that others made on followed posts of sister sites, from `comments.json` (SPEC 8.1).

Fetched when somebody looks, at most every `FRESH`, by a conditional GET. Each comment must be signed by a
device that a certificate in the document vouches for; the others are left out.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from federation import clock, fetch, jobs, threads
from federation.fetch import Limits, Response
from federation.models import Job
from homevault.protocol.certificates import Certificate, verify_certificate
from homevault.protocol.comments import verify_comment, verify_comment_change
from homevault.protocol.errors import ProtocolError
from social.posts import telling
from social.posts.models import Item

KIND = "comments"
FRESH = 30 * clock.SECOND
MOST = 500
LIMITS = Limits(bytes=4_000_000, seconds=20, redirects=2)


def register() -> None:
    jobs.register(KIND, _fetch, per_group=2, at_once=jobs.ABROAD)


def look(item: Item) -> None:
    """Somebody looks at the comments of an item: bring them up to date if they are not."""
    if is_open(item) and item.comments_checked < clock.now() - FRESH:
        _enqueue(item)


def refresh_at(url: str) -> None:
    """Something has changed under the post at `url`."""
    for item in Item.objects.select_related("feed").filter(url=url):
        if is_open(item):
            _enqueue(item)


def is_open(item: Item) -> bool:
    """Whether this is a post of a sister site at its own address, which takes comments."""
    feed = item.feed
    home = feed.url.removesuffix("/feed.json")
    slug = item.url.removeprefix(f"{home}/")
    is_at_home = slug != item.url and bool(slug) and not set(slug) & set("/?#")
    return bool(feed.ip) and not item.recommended and is_at_home


def _enqueue(item: Item) -> None:
    jobs.enqueue(KIND, str(item.pk), None, group=item.feed.ip)


async def _fetch(job: Job) -> None:
    item = await threads.run(Item.objects.select_related("feed").filter(pk=int(job.key)).first)
    if item is None or not is_open(item):
        return
    asked = {"If-None-Match": item.comments_etag} if item.comments_etag else {}
    try:
        response = await fetch.get(f"{item.url}/comments.json", asked, LIMITS)
    except ProtocolError:
        await threads.run(Item.objects.filter(pk=item.pk).update, comments_checked=clock.now())
        return
    await threads.work(_take, item, response)


def _take(item: Item, response: Response) -> None:
    item.comments_checked = clock.now()
    fields = ["comments_checked"]
    changed = False
    if response.status == 200:
        found = read(response.body, item.url)
        changed = found != item.comments
        etag = response.headers.get("etag", "")
        item.comments, item.comments_etag = found, etag if len(etag) <= 300 else ""
        fields += ["comments", "comments_etag"]
    with transaction.atomic():
        item.save(update_fields=fields)
        if changed:
            telling.followers_of_feed(item.feed, "comments")


def read(body: bytes, url: str) -> list[dict[str, Any]]:
    """The comments of a document that verify and are on the post at `url`, oldest first."""
    try:
        document = json.loads(body)
        offered = list(document["comments"])[:MOST]
        changes = list(document.get("changes", []))[:MOST]
        certificates = _certificates(document.get("certificates", []))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
    found = [_shown(comment, certificates, url) for comment in offered]
    found += [_changed(change, certificates, url) for change in changes]
    return sorted((one for one in found if one), key=lambda one: (one["time"], one["ref"]))


def _certificates(offered: Any) -> dict[str, Certificate]:
    found: dict[str, Certificate] = {}
    for one in list(offered)[:MOST]:
        try:
            certificate = verify_certificate(one)
        except (ProtocolError, TypeError):
            continue
        found[certificate.device] = certificate
    return found


def _shown(value: Any, certificates: dict[str, Certificate], url: str) -> dict[str, Any] | None:
    try:
        comment = verify_comment(value, certificates[value["device"]])
    except (ProtocolError, LookupError, TypeError):
        return None
    if comment.post != url:
        return None
    return {
        "ref": comment.hash,
        "account": comment.account,
        "address": str(comment.author),
        "name": comment.name,
        "text": comment.text,
        "time": comment.time,
        "changed": None,
        "number": 0,
    }


def _changed(value: Any, certificates: dict[str, Certificate], url: str) -> dict[str, Any] | None:
    try:
        change = verify_comment_change(value, certificates[value["device"]])
    except (ProtocolError, LookupError, TypeError):
        return None
    if change.post != url or change.text is None:
        return None
    return {
        "ref": change.comment,
        "account": change.account,
        "address": str(change.author),
        "name": change.name,
        "text": change.text,
        "time": change.written,
        "changed": change.time,
        "number": change.number,
    }
