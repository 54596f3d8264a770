"""Who may do what with posts and comments: the few functions that every view asks.

What one may not see and what is not there give the same answer, `not_found`. Ids of the timeline are
`p` or `i` and a number: a post of this site, an item of a feed.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from social.accounts.models import User
from social.posts.errors import Refusal
from social.posts.models import Comment, Follow, Item, Post

Thing = Post | Item


def own_post(user: User, pk: int) -> Post:
    """A post of one's own that stands."""
    post = Post.objects.filter(pk=pk, author=user).first()
    if post is None:
        raise Refusal("not_found")
    if post.deleted is not None:
        raise Refusal("gone")
    return post


def own_follow(user: User, pk: int) -> Follow:
    follow = Follow.objects.select_related("feed").filter(pk=pk, user=user).first()
    if follow is None:
        raise Refusal("not_found")
    return follow


def posts_in_timeline(user: User) -> QuerySet[Post]:
    """One's own posts and those of followed members here."""
    followed = Follow.objects.filter(user=user, author__isnull=False).values("author")
    return Post.objects.filter(Q(author=user) | Q(author__in=followed), deleted=None)


def items_in_timeline(user: User) -> QuerySet[Item]:
    """The items of followed feeds."""
    return Item.objects.filter(feed__in=Follow.objects.filter(user=user, feed__isnull=False).values("feed"))


def in_timeline(user: User, name: str) -> Thing:
    """The thing of a timeline id."""
    kind, number = name[:1], name[1:]
    if number.isascii() and number.isdigit() and len(number) < 16:
        thing: Thing | None = None
        if kind == "p":
            thing = posts_in_timeline(user).select_related("author").filter(pk=int(number)).first()
        elif kind == "i":
            thing = items_in_timeline(user).select_related("feed").filter(pk=int(number)).first()
        if thing is not None:
            return thing
    raise Refusal("not_found")


def comments_to_judge(user: User) -> QuerySet[Comment]:
    """Comments on one's own posts that wait."""
    return Comment.objects.filter(post__author=user, post__deleted=None, state=Comment.PENDING)


def comment_on_own(user: User, pk: int) -> Comment:
    comment = Comment.objects.select_related("post__author").filter(pk=pk, post__author=user).first()
    if comment is None:
        raise Refusal("not_found")
    return comment
