"""Changes of comments that come in (SPEC 8.4), judged at receipt like comments."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from federation import clock
from federation.here import Site
from homevault.protocol import comments
from homevault.protocol.certificates import Certificate
from homevault.protocol.comments import CommentChange
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.posts import changes, discussion, signals, telling
from social.posts.models import Comment, Post


def read(body: Any, site: Site, username: str, slug: str) -> tuple[CommentChange, Certificate, Post]:
    """What a site posted, judged as far as it goes without asking anybody. Raises ProtocolError."""
    discussion.check_budget_of_site(site)
    change, certificate = comments.verify_posted_change(body)
    if change.author.site != site:
        raise ProtocolError("wrong_sender", "author")
    post = discussion.standing(username, slug)
    check(change, post)
    return change, certificate, post


def check(change: CommentChange, post: Post) -> None:
    """Whether it is about this post and of our time."""
    if change.post != discussion.url_of(post):
        raise ProtocolError("schema", "change.post")
    if change.time > clock.now() + discussion.AHEAD or change.written > change.time + discussion.AHEAD:
        raise ProtocolError("clock", "change.time")


def take(change: CommentChange, certificate: Certificate, post: Post) -> Comment | None:
    """Do it, with the pages that show it, or keep it for a comment that has not come; the comment as it is
    then. Raises ProtocolError `too_many`."""
    discussion.check_budget_of_account(change.account)
    with transaction.atomic():
        author = User.objects.select_for_update().get(pk=post.author_id)
        comment = Comment.objects.filter(post=post, ref=change.comment).first()
        if comment is None:
            changes.keep(post, change, certificate)
            return None
        if changes.apply(comment, change, certificate):
            signals.comments_changed.send(Comment, post=post)
            telling.readers_of(post, "comments")
            telling.member(author.username, "comments")
        return comment
