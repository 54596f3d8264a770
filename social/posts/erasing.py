"""What of a member's posts, follows and comments goes before the member's rows do."""

from __future__ import annotations

from social.accounts.models import User
from social.posts import bringing, exhibits, following, importing, moderation, signals
from social.posts.holdings import comments_of, early_changes_of
from social.posts.models import Comment, EarlyChange, Follow, Import, Post, Recommendation


def erase(user: User) -> None:
    """In the transaction that erases the member. Sites whose people commented hear that it is gone."""
    for post in Post.objects.filter(author=user):
        moderation.remove_all(post)
        exhibits.discard(post)
    _take_back_comments(user)
    for follow in Follow.objects.filter(user=user).select_related("feed"):
        following.unfollow(follow)
    for coming in Import.objects.filter(user=user):
        importing.path_of(coming).unlink(missing_ok=True)
        bringing.forget(importing.path_of(coming))
    Recommendation.objects.filter(post__author=user).delete()


def _take_back_comments(user: User) -> None:
    """Those on posts of others here: their pages are made without them."""
    written = Comment.objects.filter(comments_of(user)).exclude(post__author=user)
    posts = list(Post.objects.filter(pk__in=written.values("post")))
    written.delete()
    EarlyChange.objects.filter(early_changes_of(user)).delete()
    for post in posts:
        signals.comments_changed.send(Comment, post=post)
