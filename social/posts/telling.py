"""Tells members' open browsers that there is more to see. Only a hint; what it is they fetch themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from signaling import relay
from social.posts.models import Feed, Follow, Post


def member(username: str, topic: str) -> None:
    """After the commit, tell every open browser of a member that `topic` (SPEC 6.2 `changed`) changed."""
    members([username], topic)


def members(usernames: Iterable[str], topic: str) -> None:
    """`member` for several."""
    names = sorted(set(usernames))

    def tell() -> None:
        for name in names:
            relay.push_site(name, "changed", {"topic": topic})

    transaction.on_commit(tell, robust=True)


def followers_of_feed(feed: Feed, topic: str) -> None:
    """Everybody here who follows a feed."""
    members(Follow.objects.filter(feed=feed).values_list("user__username", flat=True), topic)


def readers_of(post: Post, topic: str) -> None:
    """The author of a post and everybody here who follows the author."""
    followers = Follow.objects.filter(author=post.author).values_list("user__username", flat=True)
    members([post.author.username, *followers], topic)
