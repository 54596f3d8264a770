"""Drafts: what a member began to write, kept at the site so that any of their browsers can go on with it.

A draft may be anything that fits, also nothing yet: it is judged when it is published. A change to a post has
at most one draft. The last writer of a draft wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from federation import clock
from social.accounts.models import User
from social.posts.errors import Refusal
from social.posts.models import Draft, Post

MOST = 100  # of one member


@dataclass(frozen=True, slots=True)
class Words:
    """What is in the composer."""

    title: str = ""
    source: str = ""
    tags: Sequence[str] = ()
    shows: Sequence[Mapping[str, str]] = ()
    """`{uid, alt}` of each file; whether they are there is judged when the draft is published."""


def of(user: User) -> QuerySet[Draft]:
    """The drafts of a member, last touched first."""
    return Draft.objects.filter(user=user).order_by("-updated", "-id")


def keep(user: User, words: Words, post: Post | None = None) -> Draft:
    """A new draft; of a change to `post`, the one there is. Raises Refusal `too_many_drafts`."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        known = Draft.objects.filter(user=user, post=post).first() if post else None
        if known is not None:
            return change(known, words)
        if Draft.objects.filter(user=user).count() >= MOST:
            raise Refusal("too_many_drafts")
        return Draft.objects.create(
            user=user,
            post=post,
            title=words.title,
            source=words.source,
            tags=list(words.tags),
            shows=list(words.shows),
        )


def change(draft: Draft, words: Words) -> Draft:
    """Replace what a draft says."""
    draft.title, draft.source = words.title, words.source
    draft.tags, draft.shows = list(words.tags), list(words.shows)
    draft.updated = clock.now()
    draft.save(update_fields=["title", "source", "tags", "shows", "updated"])
    return draft


def finish(user: User, pk: int | None) -> None:
    """The draft was published; one that is not there (any more) is no matter."""
    if pk is not None:
        Draft.objects.filter(user=user, pk=pk).delete()
