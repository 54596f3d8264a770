"""One list of what a member wrote and follows, newest first, and the comments under each.

A cursor is the place after the last one shown, `<milliseconds>.<id>`: new posts above change nothing below.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from federation import here
from homevault.protocol.addresses import Address
from social.accounts.models import User
from social.people import profiles
from social.posts import access, discussion, newest, passed_on, recent, remote, showing
from social.posts.access import Thing, name_of
from social.posts.errors import Refusal
from social.posts.models import Comment, Follow, Item, Post, PostTag, Recommendation, SentComment

LENGTH = 20
CURSOR = re.compile(r"([0-9]{1,15})\.([pir])([0-9]{1,15})")
LARGEST = 2**62
Place = tuple[int, str, int]
Row = Thing | Recommendation


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the timeline with what is needed to show it."""

    thing: Row
    own: bool
    comments: int
    tags: list[str]
    bumped: int | None
    recommended: bool

    @property
    def id(self) -> str:
        return _name(self.thing)


def page(user: User, before: str | None) -> tuple[list[Line], str | None]:
    """The newest lines, or those after the cursor `before`; and the next page's cursor, None at the end."""
    after = place(before) if before else None
    posts = _after(access.posts_in_timeline(user), after).exclude(author__in=_muted(user))
    posts = posts.select_related("author").prefetch_related("attachments__media__files")
    rows: list[Row] = [*posts[: LENGTH + 1]]
    rows += newest.items(user, _last(after, "i"), LENGTH + 1)
    rows += passed_on.lines(user, _last(after, "r"), LENGTH + 1)
    rows.sort(key=_key, reverse=True)
    lines = _lines(user, rows[:LENGTH])
    return lines, cursor(lines[-1].thing) if len(rows) > LENGTH else None


def line(user: User, name: str) -> Line:
    """One thing of the timeline by its id."""
    return _lines(user, [access.in_timeline(user, name)])[0]


def _lines(user: User, rows: Sequence[Row]) -> list[Line]:
    things = [row for row in rows if not isinstance(row, Recommendation)]
    posts = [thing.pk for thing in things if isinstance(thing, Post)]
    shown = Counter(showing.comments().filter(post__in=posts).values_list("post_id", flat=True))
    labels: dict[int, list[str]] = {}
    for tag in PostTag.objects.filter(post__in=posts):
        labels.setdefault(tag.post_id, []).append(tag.label)
    lifted = recent.lifted_by(user, things)
    return [
        Line(
            row,
            isinstance(row, Post) and row.author_id == user.pk,
            shown[row.pk] if isinstance(row, Post) else len(row.comments) if isinstance(row, Item) else 0,
            labels.get(row.pk, []) if isinstance(row, Post) else [],
            lifted.bumped.get(_name(row)),
            _name(row) in lifted.recommended,
        )
        for row in rows
    ]


def _name(row: Row) -> str:
    return f"r{row.pk}" if isinstance(row, Recommendation) else name_of(row)


def _key(row: Row) -> Place:
    if isinstance(row, Recommendation):
        return row.time, "r", row.pk
    return row.published, name_of(row)[0], row.pk


def cursor(row: Row) -> str:
    """The place of a row, for `page` and `position`."""
    published, kind, pk = _key(row)
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
        if kind != "r":
            same &= Q(pk__lt=pk if kind == "p" else 0)
        found = found.filter(Q(published__lt=published) | same)
    return found.order_by("-published", "-id")


def _last(place: Place | None, kind: str) -> tuple[int, int] | None:
    """The last place among rows of one kind that a place comes after: at one time recommendations stand above
    posts, and posts above items."""
    if place is None:
        return None
    published, of, pk = place
    return published, pk if of == kind else LARGEST if kind < of else 0


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
