"""What members lift up for others: a *bump* puts a post into the recent views of the front page, a
*recommendation* lists it on its member's page and beside them.

A member counts once for a post however often they bump it, and may bump it again after an hour, which moves
it up. Both lists are newest first and bounded; equal times are ordered by id. Whoever calls `bump` or
`recommend` has made sure that the member's light is green (`safety.access.require_lit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Max

from federation import clock
from social.accounts.models import User
from social.posts import access, discussion, markup, signals
from social.posts.access import Thing
from social.posts.errors import Refusal
from social.posts.models import Bump, Post, Recommendation

AGAIN = clock.HOUR
LENGTH = 12
KEPT = 200  # recommendations of one member
BEGINNING = 140


@dataclass(frozen=True, slots=True)
class View:
    """A line of the recent views: a post, when it was last bumped, by how many."""

    post: Post
    time: int
    people: int


def bump(user: User, post: Post) -> Bump:
    """Lift a post up. Raises Refusal `too_soon`."""
    now = clock.now()
    with transaction.atomic():
        found, new = Bump.objects.select_for_update().get_or_create(
            post=post, user=user, defaults={"time": now}
        )
        if not new and now < found.time + AGAIN:
            raise Refusal("too_soon")
        found.time = now
        found.save(update_fields=["time"])
        signals.recent_changed.send(Bump)
    return found


def views() -> list[View]:
    """The recent views of this site."""
    bumped = (
        Post.objects.filter(deleted=None, author__is_active=True, bumps__user__is_active=True)
        .select_related("author")
        .annotate(lifted=Max("bumps__time"), people=Count("bumps"))
        .order_by("-lifted", "-id")[:LENGTH]
    )
    return [View(post, post.lifted, post.people) for post in bumped]


def is_viewed(post: Post) -> bool:
    """Whether the front page lists it, or may have."""
    return Bump.objects.filter(post=post).exists() or Recommendation.objects.filter(post=post).exists()


def recommend(user: User, thing: Thing) -> Recommendation:
    """List it; again changes nothing. Raises Refusal `not_found`, `too_many`."""
    url = _url_of(thing)
    if not url:
        raise Refusal("not_found")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        known = Recommendation.objects.filter(user=user, url=url).first()
        if known is not None:
            return known
        if Recommendation.objects.filter(user=user).count() >= KEPT:
            raise Refusal("too_many")
        return _list(user, thing, url)


def withdraw(user: User, thing: Thing) -> None:
    """List it no more."""
    with transaction.atomic():
        gone, _ = Recommendation.objects.filter(user=user, url=_url_of(thing)).delete()
        if gone:
            signals.recent_changed.send(Recommendation, user=user)


def of(user: User, most: int = LENGTH) -> list[Recommendation]:
    """What a member recommends."""
    mine = Recommendation.objects.filter(user=user).select_related("post__author", "user")
    return list(mine.order_by("-time", "-id")[:most])


def recommended() -> list[Recommendation]:
    """What members of this site recommend, each thing once, by whoever did last."""
    standing = Recommendation.objects.filter(user__is_active=True).exclude(post__author__is_active=False)
    newest = standing.select_related("post__author", "user")
    things: dict[str, Recommendation] = {}
    for one in newest.order_by("-time", "-id")[: LENGTH * LENGTH]:
        things.setdefault(one.url, one)
    return list(things.values())[:LENGTH]


@dataclass(frozen=True, slots=True)
class Lifted:
    """What a member did for some things, by timeline id: when they last bumped, what they recommend."""

    bumped: dict[str, int]
    recommended: set[str]


def lifted_by(user: User, things: Sequence[Thing]) -> Lifted:
    posts = {thing.pk: access.name_of(thing) for thing in things if isinstance(thing, Post)}
    bumps = Bump.objects.filter(user=user, post__in=posts).values_list("post", "time")
    urls = {_url_of(thing): access.name_of(thing) for thing in things}
    listed = Recommendation.objects.filter(user=user, url__in=urls).values_list("url", flat=True)
    return Lifted({posts[pk]: time for pk, time in bumps}, {urls[url] for url in listed})


def _list(user: User, thing: Thing, url: str) -> Recommendation:
    title = thing.title or markup.to_text(thing.body)[:BEGINNING] or url
    here = thing if isinstance(thing, Post) else None
    author = "" if isinstance(thing, Post) else thing.author or thing.feed.name or thing.feed.title
    try:
        with transaction.atomic():
            made = Recommendation.objects.create(
                user=user, post=here, url=url, title=title[:300], author=author[:300]
            )
    except IntegrityError:
        return Recommendation.objects.get(user=user, url=url)
    signals.recent_changed.send(Recommendation, user=user)
    return made


def _url_of(thing: Thing) -> str:
    return discussion.url_of(thing) if isinstance(thing, Post) else thing.url
