"""The author of a post decides about comments: the page changes with the decision, the commenter is told."""

from __future__ import annotations

from django.db import transaction

from federation import clock, here, outbox, replies
from homevault.protocol.addresses import Address
from social.posts import signals, telling
from social.posts.models import Comment, Post

TOLD_FOR = 7 * clock.DAY // clock.SECOND


def approve(comment: Comment) -> Comment:
    """Show a waiting comment. Doing it twice changes nothing."""
    return _decide(comment, Comment.SHOWN, {Comment.PENDING})


def refuse(comment: Comment) -> Comment:
    """Do not show a waiting comment, or take down one that is shown."""
    shown = comment.state == Comment.SHOWN
    return _decide(comment, Comment.REMOVED if shown else Comment.REFUSED, {Comment.PENDING, Comment.SHOWN})


def remove_all(post: Post) -> None:
    """The post goes, and its comments with it; in the caller's transaction."""
    for comment in Comment.objects.filter(post=post).exclude(state=Comment.REFUSED):
        _tell(comment, Comment.REMOVED)
    Comment.objects.filter(post=post).delete()


def _decide(comment: Comment, state: str, from_: set[str]) -> Comment:
    with transaction.atomic():
        current = Comment.objects.select_for_update().select_related("post__author").get(pk=comment.pk)
        if current.state not in from_ or current.state == state:
            return current
        current.state = state
        current.save(update_fields=["state"])
        signals.comments_changed.send(Comment, post=current.post)
        telling.readers_of(current.post, "comments")
        _tell(current, state)
    return current


def _tell(comment: Comment, state: str) -> None:
    site = (comment.ip, comment.port)
    if site == here.site():
        telling.member(comment.username, "comments")
        return
    fields = {"comment": comment.ref, "state": state}
    envelope = replies.write(Address(*site, ""), "comment-state", fields, ttl=TOLD_FOR)
    outbox.enqueue_envelope(site, envelope.raw)
