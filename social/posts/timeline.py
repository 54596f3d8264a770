"""One list of what a member wrote and follows, newest first, and the comments under each.

A cursor is the place after the last one shown, `<milliseconds>.<id>`: new posts above change nothing below.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from federation import here
from homevault.protocol.addresses import Address
from social.accounts.models import User
from social.people import profiles
from social.posts import access, discussion, newest, recent, remote, showing
from social.posts.access import Thing, name_of
from social.posts.errors import Refusal
from social.posts.models import Comment, Follow, Post, PostTag, SentComment

LENGTH = 20
CURSOR = re.compile(r"([0-9]{1,15})\.([pi])([0-9]{1,15})")
LARGEST = 2**62
Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the timeline with what is needed to show it."""

    thing: Thing
    own: bool
    comments: int
    tags: list[str]
    bumped: int | None
    recommended: bool

    @property
    def id(self) -> str:
        return name_of(self.thing)


def page(user: User, before: str | None) -> tuple[list[Line], str | None]:
    """The newest lines, or those after the cursor `before`; and the next page's cursor, None at the end."""
    after = place(before) if before else None
    posts = _after(access.posts_in_timeline(user), after).exclude(author__in=_muted(user))
    posts = posts.select_related("author").prefetch_related("attachments__media__files")
    both: list[Thing] = [*posts[: LENGTH + 1]]
    both += newest.items(user, _last_item(after), LENGTH + 1)
    both.sort(key=_key, reverse=True)
    lines = _lines(user, both[:LENGTH])
    return lines, cursor(lines[-1].thing) if len(both) > LENGTH else None


def line(user: User, name: str) -> Line:
    """One thing of the timeline by its id."""
    return _lines(user, [access.in_timeline(user, name)])[0]


def _lines(user: User, things: list[Thing]) -> list[Line]:
    posts = [thing.pk for thing in things if isinstance(thing, Post)]
    shown = Counter(showing.comments().filter(post__in=posts).values_list("post_id", flat=True))
    labels: dict[int, list[str]] = {}
    for tag in PostTag.objects.filter(post__in=posts):
        labels.setdefault(tag.post_id, []).append(tag.label)
    lifted = recent.lifted_by(user, things)
    return [
        Line(
            thing,
            isinstance(thing, Post) and thing.author_id == user.pk,
            shown[thing.pk] if isinstance(thing, Post) else len(thing.comments),
            labels.get(thing.pk, []) if isinstance(thing, Post) else [],
            lifted.bumped.get(name_of(thing)),
            name_of(thing) in lifted.recommended,
        )
        for thing in things
    ]


def _key(thing: Thing) -> Place:
    return thing.published, "p" if isinstance(thing, Post) else "i", thing.pk


def cursor(thing: Thing) -> str:
    """The place of a thing, for `page` and `position`."""
    published, kind, pk = _key(thing)
    return f"{published}.{kind}{pk}"


def place(cursor: str) -> Place:
    """Where a cursor points. Raises Refusal `schema`."""
    match = CURSOR.fullmatch(cursor)
    if match is None:
        raise Refusal("schema", "before")
    return int(match[1]), match[2], int(match[3])


def _after(found: QuerySet[Post], place: Place | None) -> QuerySet[Post]:
    """Posts that come after a place, in the order of (published, kind, id) downwards."""
    if place is not None:
        published, kind, pk = place
        same = Q(published=published)
        if kind == "p":
            same &= Q(pk__lt=pk)
        else:
            same &= Q(pk__lt=0)
        found = found.filter(Q(published__lt=published) | same)
    return found.order_by("-published", "-id")


def _last_item(place: Place | None) -> newest.Place | None:
    """The last place of items that a place comes after: at one time posts stand above items."""
    if place is None:
        return None
    published, kind, pk = place
    return (published, pk) if kind == "i" else (published, LARGEST)


def _muted(user: User) -> QuerySet[Follow, Any]:
    return Follow.objects.filter(user=user, author__isnull=False, muted=True).values("author")


def comments(user: User, thing: Thing) -> list[dict[str, Any]]:
    """What a member may see under a thing, oldest first; an item's comments are refreshed when stale."""
    if isinstance(thing, Post):
        return [_of_post(user, comment) for comment in _visible(user, thing)]
    remote.look(thing)
    mine = SentComment.objects.filter(user=user, post=thing.url)
    newer = {sent.ref: sent for sent in mine}
    found = [
        _of_item(user, one)
        for one in thing.comments
        if one["ref"] not in newer or newer[one["ref"]].change_number <= one.get("number", 0)
    ]
    listed = {one["ref"] for one in found}
    found += [_sent(user, sent) for sent in mine if sent.ref not in listed and sent.state != Comment.GONE]
    return sorted(found, key=lambda one: (one["time"], one["id"]))


def _visible(user: User, post: Post) -> QuerySet[Comment]:
    found = showing.without_blocked(Comment.objects.filter(post=post)).order_by("time", "id")
    if post.author_id == user.pk:
        return found.filter(state__in=[Comment.SHOWN, Comment.PENDING])
    return found.filter(
        Q(state=Comment.SHOWN) | Q(account=user.account or "", state__in=["pending", "refused"])
    )


def _of_post(user: User, comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.pk),
        "ref": comment.ref,
        "changed": comment.changed,
        "number": comment.change_number,
        "name": comment.name or comment.username,
        "address": str(discussion.address_of(comment)),
        "text": comment.text,
        "time": comment.time,
        "state": comment.state,
        "problem": "",
        "own": comment.account == user.account,
    }


def _of_item(user: User, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["ref"],
        "ref": one["ref"],
        "changed": one.get("changed"),
        "number": one.get("number", 0),
        "name": one["name"] or one["address"],
        "address": one["address"],
        "text": one["text"],
        "time": one["time"],
        "state": Comment.SHOWN,
        "problem": "",
        "own": one["account"] == user.account,
    }


def _sent(user: User, sent: SentComment) -> dict[str, Any]:
    return {
        "id": sent.ref,
        "ref": sent.ref,
        "changed": sent.changed,
        "number": sent.change_number,
        "name": sent.name or profiles.of(user).name,
        "address": str(Address(*here.site(), user.username)),
        "text": sent.text,
        "time": sent.time,
        "state": sent.state,
        "problem": sent.problem,
        "own": True,
    }
