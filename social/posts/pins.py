"""Pinned posts stand first on their author's page, the one pinned last on top."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from federation import clock
from social.accounts.models import User
from social.posts import signals
from social.posts.errors import Refusal
from social.posts.models import Post

MOST = 3


def of(author: User) -> QuerySet[Post]:
    """The pinned posts of a member, in their order."""
    return Post.objects.filter(author=author, deleted=None, pinned__isnull=False).order_by("-pinned", "-id")


def pin(post: Post) -> Post:
    """Pin; again changes nothing. Raises Refusal `too_many_pins`."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=post.author_id)
        others = of(post.author).exclude(pk=post.pk)
        if others.count() >= MOST:
            raise Refusal("too_many_pins")
        return _set(post, post.pinned or clock.now())


def unpin(post: Post) -> Post:
    """Let it stand where its date puts it."""
    with transaction.atomic():
        return _set(post, None)


def _set(post: Post, pinned: int | None) -> Post:
    if post.pinned != pinned:
        post.pinned = pinned
        post.save(update_fields=["pinned"])
        signals.post_changed.send(Post, post=post)
    return post
