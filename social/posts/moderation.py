"""The author of a post decides about comments: the page changes with the decision, the commenter is told."""

from __future__ import annotations

from django.db import transaction

from federation import clock, here, outbox, replies
from homevault.protocol.addresses import Address
from social.posts import signals, telling
from social.posts.models import Comment, Post

TOLD_FOR = 7 * clock.DAY // clock.SECOND


APPROVED = {Comment.PENDING: Comment.SHOWN}
REFUSED = {Comment.PENDING: Comment.REFUSED, Comment.SHOWN: Comment.REMOVED}


def approve(comment: Comment) -> Comment:
    """Show a waiting comment. Doing it twice changes nothing."""
    return _decide(comment, APPROVED)


def refuse(comment: Comment) -> Comment:
    """Do not show a waiting comment, or take down one that is shown."""
    return _decide(comment, REFUSED)


def remove_all(post: Post) -> None:
    """The post goes, and its comments with it; in the caller's transaction."""
    for comment in Comment.objects.filter(post=post).exclude(state=Comment.REFUSED):
        _tell(comment, Comment.REMOVED)
    Comment.objects.filter(post=post).delete()


def _decide(comment: Comment, changes: dict[str, str]) -> Comment:
    """Go from the state it is in to the one `changes` names; if it names none, nothing happens."""
    with transaction.atomic():
        current = Comment.objects.select_for_update().select_related("post__author").get(pk=comment.pk)
        state = changes.get(current.state)
        if state is None:
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
