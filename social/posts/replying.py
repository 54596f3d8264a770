"""Who may comment on a post: its author decides, for each post, at any time; what is there already stays."""

from __future__ import annotations

from django.db import transaction

from federation import here
from homevault.protocol.addresses import Address
from social.accounts.models import User
from social.posts import signals
from social.posts.models import Follow, Post

EVERYONE, FOLLOWED, NOBODY = "everyone", "followed", "nobody"
POLICIES = (EVERYONE, FOLLOWED, NOBODY)


def may(author: User, post: Post, commenter: Address) -> bool:
    """Whether the person of this address may comment on a post of `author`, who always may."""
    if post.replies != FOLLOWED:
        return post.replies == EVERYONE
    follows = Follow.objects.filter(user=author)
    if commenter.site == here.site():
        return follows.filter(author__username=commenter.username).exists()
    ip, port = commenter.site
    return follows.filter(feed__ip=ip, feed__port=port, feed__username=commenter.username).exists()


def choose(post: Post, policy: str) -> Post:
    """Set who may comment, with the page that says so."""
    with transaction.atomic():
        post.replies = policy
        post.save(update_fields=["replies"])
        signals.comments_changed.send(Post, post=post)
    return post
