"""What followed members of this site recommend, as lines of the timeline: each thing once, by whoever did
first, and not where what it was recommended of is in the timeline itself.

What people of other sites recommend comes with their feeds (`jsonfeed`), as items.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from social.accounts.models import User
from social.posts import access, sameness
from social.posts.models import Follow, Recommendation

BATCH = 40
Place = tuple[int, int]
"""(time, id) of a recommendation."""


def lines(user: User, after: Place | None, count: int) -> list[Recommendation]:
    """Up to `count` after a place, newest first."""
    found = _after(_of_followed(user), after).select_related("user", "post__author")
    kept: list[Recommendation] = []
    start = 0
    while len(kept) < count:
        batch = list(found[start : start + BATCH])
        kept += _not_followed(user, batch)
        if len(batch) < BATCH:
            break
        start += BATCH
    return kept[:count]


def _of_followed(user: User) -> QuerySet[Recommendation]:
    followed = Follow.objects.filter(user=user, author__is_active=True, muted=False).values("author")
    by_followed = Recommendation.objects.filter(user__in=followed)
    earlier = by_followed.filter(url=OuterRef("url"), pk__lt=OuterRef("pk"))
    there = access.posts_in_timeline(user).filter(pk=OuterRef("post"))
    standing = by_followed.exclude(post__author__is_active=False)
    return standing.exclude(Exists(earlier)).exclude(Exists(there))


def _after(found: QuerySet[Recommendation], place: Place | None) -> QuerySet[Recommendation]:
    if place is not None:
        time, pk = place
        found = found.filter(Q(time__lt=time) | Q(time=time, pk__lt=pk))
    return found.order_by("-time", "-pk")


def _not_followed(user: User, batch: list[Recommendation]) -> list[Recommendation]:
    keys = {one.pk: sameness.link_key(one.url) for one in batch}
    items = access.items_in_timeline(user).filter(link_key__in=set(keys.values()) - {""})
    there = set(items.values_list("link_key", flat=True))
    return [one for one in batch if keys[one.pk] not in there]
