"""What is stored of posts, of what is followed, and of comments in both directions."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from federation import here
from social.accounts.holdings import UNTIL_YOU, WITH_THE_SITE
from social.accounts.inventory import MEMBER, STRANGERS, Holding, by
from social.accounts.models import User
from social.posts import importing
from social.posts.models import Import

SEARCH = tuple(f"posts_search{part}" for part in ("", "_config", "_data", "_docsize", "_idx"))
"""SQLite's index of words in posts."""


def comments_of(user: User) -> Q:
    """Comments that a member wrote on posts of this site."""
    ip, port = here.site()
    written = Q(ip=ip, port=port, username=user.username)
    return written | Q(account=user.account) if user.account else written


def mentions_of(user: User) -> Q:
    """Of the member or their posts, and by them."""
    return Q(post__author=user) | Q(member=user) | Q(said_in__author=user)


def early_changes_of(user: User) -> Q:
    return Q(account=user.account) if user.account else Q(pk=None)


def archive_bytes(user: User | None) -> int:
    files = [importing.path_of(one) for one in Import.objects.filter(user=user)]
    return sum(file.stat().st_size for file in files if file.exists())


HOLDINGS = (
    Holding(
        "posts",
        MEMBER,
        _("Posts"),
        _("What you published, earlier versions, and your device’s signature: everybody can read it."),
        _("Until you delete it; of a deleted post only its address stays."),
        {
            "posts.Post": by("author"),
            "posts.PostTag": by("post__author"),
            "posts.PostVersion": by("post__author"),
            "posts.SignedPost": by("post__author"),
            "posts.SearchText": by("post__author"),
            "posts.Attachment": by("post__author"),
        },
        "/house/posts",
        indexes=SEARCH,
        withheld=frozenset({"posts.SearchText"}),
    ),
    Holding(
        "drafts",
        MEMBER,
        _("Drafts"),
        _("What you began to write, so that every browser of yours has it. Only you see it."),
        UNTIL_YOU,
        {"posts.Draft": by("user")},
        "/drafts",
    ),
    Holding(
        "imports",
        MEMBER,
        _("Archives you brought"),
        _("How far each one was read, and what was left out."),
        _("The file until it is read; of the last ten how they went."),
        {"posts.Import": by("user")},
        "/house/posts",
        archive_bytes,
    ),
    Holding(
        "follows",
        MEMBER,
        _("What you follow"),
        _("So that your timeline fills, and you find your place in it. Nobody else sees it."),
        UNTIL_YOU,
        {"posts.Follow": by("user"), "posts.ReadUpTo": by("user")},
        "/people",
    ),
    Holding(
        "lifted",
        MEMBER,
        _("What you bumped and recommended"),
        _("Everybody can read it on the front page and on yours."),
        UNTIL_YOU,
        {"posts.Bump": by("user"), "posts.Recommendation": by("user")},
        "/recent",
    ),
    Holding(
        "comments",
        MEMBER,
        _("Comments you wrote"),
        _("Signed by your device, with what became of them elsewhere."),
        UNTIL_YOU,
        {
            "posts.SentComment": by("user"),
            "posts.Comment": comments_of,
            "posts.EarlyChange": early_changes_of,
        },
        "/",
    ),
    Holding(
        "answers",
        MEMBER,
        _("What others said to your posts"),
        _("Comments, pages elsewhere that link to you, pages you link to, and who lifted a post of yours."),
        _("As long as the post stands, or until you refuse it."),
        {
            "posts.Comment": by("post__author"),
            "posts.EarlyChange": by("post__author"),
            "posts.Mention": mentions_of,
            "posts.SentMention": by("post__author"),
            "posts.Bump": by("post__author"),
            "posts.Recommendation": by("post__author"),
        },
        "/waiting",
    ),
    Holding(
        "readers",
        MEMBER,
        _("Who reads you"),
        _("Sites, never people, that asked to be told of new posts; and how many members here follow you."),
        _("A site asks again each week, or is forgotten."),
        {"posts.Watcher": by("author"), "posts.Follow": by("author")},
        withheld=frozenset({"posts.Follow"}),
    ),
    Holding(
        "commenters",
        STRANGERS,
        _("People who comment from their own site"),
        _("Name, address, words and signature, as they sent them; pages elsewhere that link here."),
        _("As long as the post stands, or until its author or the commenter takes it down."),
        {
            "posts.Comment": Q(),
            "posts.EarlyChange": Q(),
            "posts.Mention": Q(),
        },
    ),
    Holding(
        "followed",
        STRANGERS,
        _("Public posts that members follow"),
        _(
            "A copy of what feeds say in public, so that one timeline shows it; nobody elsewhere learns who "
            "reads."
        ),
        _("As long as somebody here follows the feed."),
        {"posts.Feed": Q(), "posts.Item": Q()},
    ),
    Holding(
        "moved",
        STRANGERS,
        _("People who moved"),
        _("Where they live now, as their account signed it, so that whoever follows them finds them."),
        WITH_THE_SITE,
        {"posts.Moved": Q()},
    ),
    Holding(
        "watchers",
        STRANGERS,
        _("Sites that follow members here"),
        _("Their address, so that they hear of new posts. People who follow are not known here."),
        _("A week, unless they ask again."),
        {"posts.Watcher": Q()},
    ),
)
