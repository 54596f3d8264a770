"""Writing, editing and deleting one's own posts; each is one transaction with the pages that show it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from federation import clock
from social.accounts.models import User
from social.people.lookup import NewestPost
from social.posts import (
    discussion,
    exhibits,
    hints,
    markdown,
    markup,
    moderation,
    revisions,
    searching,
    signals,
    signing,
)
from social.posts import tags as labels
from social.posts.errors import Refusal
from social.posts.exhibits import Exhibit
from social.posts.models import Post
from social.posts.signing import Signed
from social.posts.slugs import new_slug
from social.safety import access

MAX_TITLE = 200
NEWEST = 5
BEGINNING = 140


def preview(source: str) -> markup.Tree:
    """What a source will look like."""
    if len(source) > markdown.MAX_SOURCE:
        raise Refusal("too_long")
    return markdown.to_tree(source)


def publish(
    author: User,
    title: str,
    source: str,
    tags: Iterable[str] = (),
    uid: UUID | None = None,
    shows: Sequence[Exhibit] = (),
    signed: Signed | None = None,
) -> Post:
    """Make a post, with its pages, durable; then followers are told. The same `uid` again is the same post,
    whatever it says. Raises Refusal, MediaRefusal for what it shows, and ProtocolError `blocked`."""
    access.require_reach(author)
    words = _checked(title, source, tags, bool(shows))
    now = signing.date_of(signed)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=author.pk)
        known = Post.objects.filter(uid=uid).first() if uid else None
        if known is not None:
            return _same(known, author)
        slug = new_slug(author.pk, words.title, markup.to_text(words.body), now)
        post = Post.objects.create(
            uid=uid or uuid4(), author=author, slug=slug, published=now, updated=now, **asdict(words)
        )
        signing.require_next(signed, post, post.version)
        exhibits.save(post, shows)
        signing.require_shows(signed, post)
        signing.save(post, signed)
        _announce(post, moved=True)
    return post


def edit(
    post: Post,
    title: str,
    source: str,
    tags: Iterable[str] | None = None,
    shows: Sequence[Exhibit] | None = None,
    signed: Signed | None = None,
) -> Post:
    """Replace title, words, tags and what it shows; the address stays, and what it said before is kept. None
    leaves the tags, or what it shows, as they are."""
    with transaction.atomic():
        post = _locked(post)
        before = exhibits.of(post)
        after = before if shows is None else list(shows)
        words = _checked(title, source, post.tags if tags is None else tags, bool(after))
        same_words = (words.title, words.source, words.tags) == (post.title, post.source, post.tags)
        if same_words and before == after:
            return post
        revisions.remember(post)
        exhibits.save(post, after)
        post.title, post.source, post.body, post.tags = words.title, words.source, words.body, words.tags
        post.version += 1
        signing.require_next(signed, post, post.version)
        signing.require_shows(signed, post)
        signing.save(post, signed)
        post.updated = max(clock.now(), post.updated + 1)
        post.save(update_fields=["title", "source", "body", "tags", "version", "updated"])
        _announce(post)
    return post


def show_history(post: Post, everybody: bool) -> Post:
    """Let everybody read the earlier versions, or nobody."""
    with transaction.atomic():
        post = _locked(post)
        post.open_history = everybody
        post.save(update_fields=["open_history"])
        signals.post_changed.send(Post, post=post)
    return post


def delete(post: Post, signed: Signed | None = None) -> None:
    """Erase the words, every earlier version of them and the comments; what stays is that something was
    here, and the statement that it is deleted."""
    with transaction.atomic():
        post = _locked(post)
        signing.require_next(signed, post, post.version + 1)
        signing.save(post, signed)
        moderation.remove_all(post)
        for one in post.recommendations.select_related("user"):
            one.delete()
            signals.recent_changed.send(Post, user=one.user)
        for things in (post.versions, post.bumps, post.drafts):
            things.all().delete()
        exhibits.discard(post)
        post.title, post.source, post.body, post.tags, post.pinned = "", "", [], [], None
        post.deleted = post.updated = clock.now()
        post.save(update_fields=["title", "source", "body", "tags", "pinned", "deleted", "updated"])
        _announce(post, moved=True)


def newest(author: User) -> list[NewestPost]:
    """The newest posts of a member, for a look at who that is."""
    posts = Post.objects.filter(author=author, deleted=None).order_by("-published", "-id")[:NEWEST]
    return [
        NewestPost(
            f"urn:uuid:{post.uid}",
            discussion.url_of(post),
            post.title or markup.to_text(post.body)[:BEGINNING],
            rfc3339(post.published),
        )
        for post in posts
    ]


def rfc3339(milliseconds: int) -> str:
    """A stored time as feeds write it: UTC, to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _locked(post: Post) -> Post:
    found = Post.objects.select_for_update().select_related("author").get(pk=post.pk)
    if found.deleted is not None:
        raise Refusal("gone")
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    """What a post says, judged."""

    title: str
    source: str
    body: markup.Tree
    tags: list[str]


def _checked(title: str, source: str, tags: Iterable[str], shows: bool) -> _Words:
    title = " ".join(title.split())
    body = preview(source)
    if len(title) > MAX_TITLE:
        raise Refusal("too_long")
    if not title and not markup.to_text(body) and not shows:
        raise Refusal("empty")
    return _Words(title, source, body, labels.checked(tags))


def _same(known: Post, author: User) -> Post:
    if known.author_id != author.pk:
        raise Refusal("taken")
    if known.deleted is not None:
        raise Refusal("gone")
    return known


def _announce(post: Post, moved: bool = False) -> None:
    names = labels.save(post)
    searching.save(post)
    signals.post_changed.send(Post, post=post, tags=names, moved=moved)
    if access.may_reach(post.author):
        hints.tell(post)
