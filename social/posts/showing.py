"""Which comments are shown: the approved ones, without those of people whom the post's author blocks."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from social.posts.models import Comment
from social.safety.models import PersonBlock


def comments() -> QuerySet[Comment]:
    """All that are shown anywhere on this site; blocked people's are hidden while the block stands."""
    return without_blocked(Comment.objects.filter(state=Comment.SHOWN))


def without_blocked(found: QuerySet[Comment]) -> QuerySet[Comment]:
    same_place = Q(ip=OuterRef("ip"), port=OuterRef("port"), username=OuterRef("username"))
    same_account = Q(account=OuterRef("account"), account__gt="")
    blocked = PersonBlock.objects.filter(user=OuterRef("post__author")).filter(same_place | same_account)
    return found.exclude(Exists(blocked))
