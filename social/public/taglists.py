"""The page and the feeds of each tag a member uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid5

from django.db.models import Count

from social.accounts.models import User
from social.posts import exhibits
from social.posts import tags as labels
from social.posts.models import Post, PostTag
from social.public import feeds, listings, published, rendering
from social.public.models import FeedIdentity
from social.public.person import Person
from social.public.published import Page

LENGTH = 500  # posts listed under a tag
MOST = 30  # tags listed on a member's page


def named(person: Person, user: User, names: Iterable[str]) -> Iterator[Page]:
    """The lists of these tags; of those that no post has any more they go."""
    for name in sorted(set(names)):
        posts = list(_tagged(user, name)[:LENGTH])
        if posts:
            yield from _pages(person, user, name, posts)
        else:
            published.drop(f"/@{person.username}/tag/{name}")


def every(person: Person, user: User) -> Iterator[Page]:
    """The lists of all tags of a member."""
    return named(person, user, _used(user).values_list("name", flat=True))


def most_used(person: Person, user: User) -> list[dict[str, Any]]:
    """The tags a member uses most, by name."""
    counted = _used(user).values("name").annotate(posts=Count("post")).order_by("-posts", "name")[:MOST]
    return [
        {"name": one["name"], "url": f"{person.url}/tag/{labels.path_of(one['name'])}", "posts": one["posts"]}
        for one in sorted(counted, key=lambda one: str(one["name"]))
    ]


def _used(user: User) -> Any:
    return PostTag.objects.filter(post__author=user, post__deleted=None).order_by()


def _tagged(user: User, name: str) -> Any:
    return (
        listings.newest_first(user).filter(labels__name=name).prefetch_related(*exhibits.WITH_POSTS, "signed")
    )


def _pages(person: Person, user: User, name: str, posts: list[Post]) -> Iterator[Page]:
    path = f"/@{person.username}/tag/{name}"
    url = f"{person.url}/tag/{labels.path_of(name)}"
    lines = [rendering.listed(person, post) for post in posts]
    yield rendering.render("tag", path, person=person, tag=name, posts=lines, feeds=url, url=url)
    channel = feeds.Channel(f"{person.name} · #{name}", url)
    newest = posts[: feeds.LENGTH]
    yield Page(f"{path}/feed.json", published.JSON_FEED, feeds.json_feed(person, channel, newest))
    identity, _ = FeedIdentity.objects.get_or_create(user=user)
    uid, changed = uuid5(identity.uid, name), max(post.updated for post in posts)
    atom = feeds.atom(person, channel, newest, uid, changed)
    yield Page(f"{path}/feed.atom", published.ATOM, atom)
