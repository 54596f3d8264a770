"""The newest items of followed feeds, at a cost that depends on how many feeds, not on how many items.

The newest item of each feed, one index look-up each, tells which feeds can have part in a page; only their
items from there on are sorted. Of items that are one thing (`sameness`) the one that came first is shown,
a recommendation only where nobody who is followed brought the thing itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery

from social.accounts.models import User
from social.posts.models import Follow, Item

Place = tuple[int, int]
"""(published, id) of an item."""


def items(user: User, after: Place | None, count: int) -> list[Item]:
    """Up to `count` items after a place, newest first, none twice."""
    followed = Follow.objects.filter(user=user, feed__isnull=False, muted=False)
    found: list[int] = []
    while len(found) < count:
        batch = _batch(followed, after, count)
        found += _distinct(followed, [pk for _, pk in batch])
        if len(batch) < count:
            break
        after = batch[-1]
    whole = Item.objects.select_related("feed").in_bulk(found[:count])
    return [whole[pk] for pk in found[:count]]


def after(found: QuerySet[Item], place: Place | None) -> QuerySet[Item]:
    """Those after a place, in order."""
    if place is not None:
        published, pk = place
        found = found.filter(Q(published__lt=published) | Q(published=published, pk__lt=pk))
    return found.order_by("-published", "-id")


def _batch(followed: QuerySet[Follow], place: Place | None, count: int) -> list[Place]:
    first = after(Item.objects.filter(feed=OuterRef("feed")), place)
    feeds = followed.annotate(
        newest=Subquery(first.values("published")[:1]), item=Subquery(first.values("pk")[:1])
    )
    leading = list(
        feeds.exclude(newest=None).order_by("-newest", "-item").values_list("feed", "newest")[:count]
    )
    rows = after(Item.objects.filter(feed__in=[feed for feed, _ in leading]), place)
    if len(leading) == count:
        rows = rows.filter(published__gte=leading[-1][1])
    return list(rows.values_list("published", "pk")[:count])


def _distinct(followed: QuerySet[Follow], batch: list[int]) -> Iterable[int]:
    """Without those of which another followed feed brought the same before."""
    keys = {row[0]: row[1:] for row in _keys(Item.objects.filter(pk__in=batch))}
    guids = {guid for guid, _ in keys.values()} - {""}
    links = {link for _, link in keys.values()} - {""}
    same = Item.objects.filter(Q(guid_key__in=guids) | Q(link_key__in=links))
    same = same.filter(feed__in=followed.values("feed")).order_by("recommended", "pk")
    first: dict[str, int] = {}
    for pk, *names in _keys(same):
        for name in filter(None, names):
            first.setdefault(name, pk)
    return [pk for pk in batch if all(first.get(name, pk) == pk for name in filter(None, keys[pk]))]


def _keys(found: QuerySet[Item]) -> Iterable[tuple[int, str, str]]:
    return found.values_list("pk", "guid_key", "link_key")
