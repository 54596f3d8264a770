"""Which pages show what, and their making.

Promise: each function is called inside the transaction that makes the change, and what it writes becomes
visible with it. Pages are the same for everyone: nothing here knows who asks.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from federation import here
from homevault.protocol.addresses import Address
from social.accounts.models import User
from social.posts import markup
from social.posts.models import Comment, Post
from social.public import feeds, published
from social.public.models import Edition, FeedIdentity
from social.public.pages import FOREVER
from social.public.person import Person, moment, person_of
from social.public.published import Page

HERE = Path(__file__).parent
WHOLE = 12  # posts shown with all their words on a person's page
LISTED = 500  # and as titles below
DESCRIPTION = 200


@transaction.atomic
def post_pages(post: Post) -> None:
    """A post was published, edited or deleted."""
    person = _locked_person(post.author)
    published.put([*_one_post(person, post), *_person_pages(person, post.author)])


@transaction.atomic
def comment_pages(post: Post) -> None:
    """Other comments are shown under a post."""
    person = _locked_person(post.author)
    published.put([*_one_post(person, post), _person_page(person, post.author)])


@transaction.atomic
def person_pages(user: User) -> None:
    """Somebody joined, left, or changed their name, profile or account."""
    person = _locked_person(user)
    published.lock()
    if not user.is_active:
        published.drop(f"/@{person.username}")
        published.put([_front()])
        return
    posts = Post.objects.filter(author=user)
    own = [page for post in posts.iterator() for page in _one_post(person, post)]
    published.put([*own, *_person_pages(person, user), _front()])


@transaction.atomic
def no_more(user: User) -> None:
    """Somebody was erased: their pages are not found."""
    published.lock()
    published.drop(f"/@{user.username}")
    published.put([_front()])


def ensure_current() -> None:
    """Build all pages if they were made by another version of the templates, or at the first start. One
    transaction a member, so that nobody waits long; two processes doing it at once do it twice."""
    if Edition.objects.filter(id=Edition.THE_ONE, recipe=recipe()).exists():
        return
    with transaction.atomic():
        published.lock()
        published.put([stylesheet(), icon(), _front()])
    for user in User.objects.filter(is_active=True):
        person_pages(user)
    Edition.objects.filter(id=Edition.THE_ONE).update(recipe=recipe())


@lru_cache(maxsize=1)
def stylesheet() -> Page:
    """The one stylesheet: the tokens that the app uses too, and the pages' own rules."""
    return _asset("css", published.CSS, _of_app("tokens.css") + (HERE / "style" / "public.css").read_bytes())


@lru_cache(maxsize=1)
def icon() -> Page:
    """The lamp that browsers show beside the title, the app's too."""
    return _asset("svg", published.SVG, _of_app("lamp.svg"))


def _asset(suffix: str, content_type: str, body: bytes) -> Page:
    """Named by its bytes, so that it may be kept for ever."""
    name = hashlib.sha256(body).hexdigest()[:16]
    return Page(f"/public-{name}.{suffix}", content_type, body, cache=FOREVER)


def _of_app(name: str) -> bytes:
    found: bytes = (settings.ROOT / "frontend" / "src" / "ui" / name).read_bytes()
    return found


@lru_cache(maxsize=1)
def recipe() -> str:
    """Names what pages are made with: templates, code, style and where the site is."""
    parts = [*sorted((HERE / "templates" / "public").iterdir()), HERE / "build.py", HERE / "feeds.py"]
    digest = hashlib.sha256(
        f"{here.origin()} {settings.PORCHLIGHT.name} {stylesheet().path} {icon().path}".encode()
    )
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:40]


def _locked_person(user: User) -> Person:
    """Whoever builds pages of a member waits for others who do, and then sees what they committed."""
    User.objects.select_for_update().filter(pk=user.pk).first()
    return person_of(user)


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as templates take it; times in UTC."""

    uid: UUID
    url: str
    title: str
    heading: str
    excerpt: str
    html: SafeString
    published: datetime
    updated: datetime
    edited: bool
    comments: int


def _shown(person: Person, post: Post, headings: int, comments: int = 0) -> ShownPost:
    body = markup.with_headings(post.body, headings)
    return ShownPost(
        uid=post.uid,
        url=f"{person.url}/{post.slug}",
        title=post.title,
        heading=feeds.heading(post),
        excerpt=feeds.excerpt(post, DESCRIPTION),
        html=mark_safe(markup.to_html(body)),  # noqa: S308 - made of allow-listed nodes only
        published=moment(post.published),
        updated=moment(post.updated),
        edited=post.updated > post.published,
        comments=comments,
    )


def _listed(person: Person, post: Post) -> dict[str, Any]:
    url = f"{person.url}/{post.slug}"
    return {"url": url, "heading": feeds.heading(post), "published": moment(post.published)}


def _render(name: str, path: str, status: int = 200, **context: Any) -> Page:
    page = render_to_string(
        f"public/{name}.html",
        {
            "language": settings.LANGUAGE_CODE,
            "site": settings.PORCHLIGHT,
            "stylesheet": stylesheet().path,
            "icon": icon().path,
            "url": here.origin() + path,
            **context,
        },
    )
    return Page(path, published.HTML, page.encode(), status)


def _front() -> Page:
    users = User.objects.filter(is_active=True).order_by("joined", "id")
    return _render("front", "/", people=[person_of(user) for user in users])


def _person_pages(person: Person, user: User) -> Iterator[Page]:
    posts = list(_standing(user)[: feeds.LENGTH])
    newest = Post.objects.filter(author=user).aggregate(newest=Max("updated"))["newest"] or 0
    told = int(person.updated.timestamp() * 1000) if person.updated else 0
    changed = max(newest, told, int(user.joined.timestamp() * 1000))
    identity, _ = FeedIdentity.objects.get_or_create(user=user)
    yield _person_page(person, user)
    base = f"/@{person.username}"
    yield Page(f"{base}/feed.json", published.JSON_FEED, feeds.json_feed(person, posts))
    yield Page(f"{base}/feed.atom", published.ATOM, feeds.atom(person, posts, identity.uid, changed))


def _person_page(person: Person, user: User) -> Page:
    posts = list(_standing(user)[: WHOLE + LISTED])
    shown = Comment.objects.filter(post__in=posts[:WHOLE], state=Comment.SHOWN)
    counts = Counter(shown.values_list("post_id", flat=True))
    whole = [_shown(person, post, 4, counts[post.pk]) for post in posts[:WHOLE]]
    rest = [_listed(person, post) for post in posts[WHOLE:]]
    years = groupby(rest, key=lambda post: post["published"].year)
    earlier = [{"year": year, "posts": list(group)} for year, group in years]
    return _render("person", f"/@{person.username}", person=person, posts=whole, earlier=earlier)


def _one_post(person: Person, post: Post) -> Iterator[Page]:
    path = f"/@{person.username}/{post.slug}"
    if post.deleted is not None:
        yield _render("gone", path, 410, person=person)
        yield Page(f"{path}/comments.json", published.JSON, GONE, 410)
        return
    comments = list(Comment.objects.filter(post=post, state=Comment.SHOWN).order_by("time", "id"))
    yield _render(
        "post",
        path,
        person=person,
        post=_shown(person, post, 2),
        comments=[_shown_comment(comment) for comment in comments],
    )
    yield Page(f"{path}/comments.json", published.JSON, _comments_json(comments))


GONE = b'{"code":"gone","message":"This post has been deleted."}'


def _comments_json(comments: Iterable[Comment]) -> bytes:
    """Signed comments and the certificates of their devices (SPEC 8.1), each as it came."""
    certificates = sorted({bytes(comment.certificate) for comment in comments})
    wires = [bytes(comment.wire) for comment in comments]
    return b'{"certificates":[%s],"comments":[%s],"v":1}' % (b",".join(certificates), b",".join(wires))


def _shown_comment(comment: Comment) -> dict[str, Any]:
    address = Address(comment.ip, comment.port, comment.username)
    return {
        "ref": comment.ref,
        "name": comment.name or comment.username,
        "address": str(address),
        "url": f"{address.origin(here.environment().secure)}/@{comment.username}",
        "time": moment(comment.time),
        "text": comment.text,
    }


def _standing(user: User) -> Any:
    standing = Post.objects.filter(author=user, deleted=None).defer("source")
    return standing.order_by("-published", "-id")
