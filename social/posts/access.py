"""Who may do what with posts and comments: the few functions that every view asks.

What one may not see and what is not there give the same answer, `not_found`. Ids of the timeline are
`p` or `i` and a number: a post of this site, an item of a feed.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from social.accounts.models import User
from social.posts import showing
from social.posts.errors import Refusal
from social.posts.mention_models import Mention
from social.posts.models import Comment, Draft, Follow, Import, Item, Post

Thing = Post | Item


def name_of(thing: Thing) -> str:
    """The timeline id of a thing."""
    return f"{'p' if isinstance(thing, Post) else 'i'}{thing.pk}"


def own_post(user: User, pk: int) -> Post:
    """A post of one's own that stands."""
    post = Post.objects.filter(pk=pk, author=user).first()
    if post is None:
        raise Refusal("not_found")
    if post.deleted is not None:
        raise Refusal("gone")
    return post


def own_draft(user: User, pk: int) -> Draft:
    draft = Draft.objects.filter(pk=pk, user=user).first()
    if draft is None:
        raise Refusal("not_found")
    return draft


def own_import(user: User, pk: int) -> Import:
    found = Import.objects.filter(pk=pk, user=user).first()
    if found is None:
        raise Refusal("not_found")
    return found


def readable(user: User, name: str) -> Thing:
    """The thing of a timeline id; of this site's posts, which everybody may read, also those of members that
    one does not follow."""
    if name[:1] != "p":
        return in_timeline(user, name)
    posts = Post.objects.select_related("author").filter(author__is_active=True, deleted=None)
    return _named(posts, name)


def post_here(user: User, name: str) -> Post:
    """A post of this site by its timeline id."""
    thing = readable(user, name)
    if not isinstance(thing, Post):
        raise Refusal("not_found")
    return thing


def own_follow(user: User, pk: int) -> Follow:
    follow = Follow.objects.select_related("feed").filter(pk=pk, user=user).first()
    if follow is None:
        raise Refusal("not_found")
    return follow


def posts_in_timeline(user: User) -> QuerySet[Post]:
    """One's own posts and those of followed members here."""
    followed = Follow.objects.filter(user=user, author__isnull=False).values("author")
    shown = Q(author=user) | Q(author__in=followed, author__is_active=True)
    return Post.objects.filter(shown, deleted=None)


def items_in_timeline(user: User) -> QuerySet[Item]:
    """The items of followed feeds."""
    return Item.objects.filter(feed__in=Follow.objects.filter(user=user, feed__isnull=False).values("feed"))


def in_timeline(user: User, name: str) -> Thing:
    """The thing of a timeline id."""
    if name[:1] == "p":
        return _named(posts_in_timeline(user).select_related("author"), name)
    return _named(items_in_timeline(user).select_related("feed"), name)


def _named(things: QuerySet[Post] | QuerySet[Item], name: str) -> Thing:
    """The one of `p` or `i` and a number."""
    kind, number = name[:1], name[1:]
    found: Thing | None = None
    if kind in ("p", "i") and number.isascii() and number.isdigit() and len(number) < 16:
        found = things.filter(pk=int(number)).first()
    if found is None:
        raise Refusal("not_found")
    return found


def comments_to_judge(user: User) -> QuerySet[Comment]:
    """Comments on one's own posts that wait."""
    waiting = Comment.objects.filter(post__author=user, post__deleted=None, state=Comment.PENDING)
    return showing.without_blocked(waiting)


def mentions_to_judge(user: User) -> QuerySet[Mention]:
    """Mentions of one's own posts, and of oneself, that wait."""
    of_post = Q(post__author=user, post__deleted=None)
    of_oneself = Q(member=user) & (Q(said_in=None) | Q(said_in__author__is_active=True))
    return Mention.objects.filter(of_post | of_oneself, state=Mention.PENDING)


def mention_of_own(user: User, pk: int) -> Mention:
    found = Mention.objects.select_related("post__author", "member")
    mention = found.filter(Q(post__author=user) | Q(member=user), pk=pk).first()
    if mention is None or mention.state == Mention.CHECKING:
        raise Refusal("not_found")
    return mention


def comment_on_own(user: User, pk: int) -> Comment:
    comment = Comment.objects.select_related("post__author").filter(pk=pk, post__author=user).first()
    if comment is None:
        raise Refusal("not_found")
    return comment
