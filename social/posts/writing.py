"""Writing, editing and deleting one's own posts; each is one transaction with the pages that show it."""

from datetime import UTC, datetime

from django.db import transaction

from federation import clock
from social.accounts.models import User
from social.people.lookup import NewestPost
from social.posts import discussion, hints, markdown, markup, moderation, signals
from social.posts.errors import Refusal
from social.posts.models import Post
from social.posts.slugs import new_slug

MAX_TITLE = 200
NEWEST = 5
BEGINNING = 140


def preview(source: str) -> markup.Tree:
    """What a source will look like."""
    if len(source) > markdown.MAX_SOURCE:
        raise Refusal("too_long")
    return markdown.to_tree(source)


def publish(author: User, title: str, source: str) -> Post:
    """Make a post, with its pages, durable; then followers are told."""
    title, body = _checked(title, source)
    now = clock.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=author.pk)
        slug = new_slug(author.pk, title, markup.to_text(body), now)
        post = Post.objects.create(
            author=author, slug=slug, title=title, source=source, body=body, published=now, updated=now
        )
        _announce(post)
    return post


def edit(post: Post, title: str, source: str) -> Post:
    """Replace title and words; the address stays."""
    title, body = _checked(title, source)
    with transaction.atomic():
        post = _locked(post)
        if (title, source) == (post.title, post.source):
            return post
        post.title, post.source, post.body, post.updated = title, source, body, clock.now()
        post.save(update_fields=["title", "source", "body", "updated"])
        _announce(post)
    return post


def delete(post: Post) -> None:
    """Erase the words and the comments; what stays is that something was here."""
    with transaction.atomic():
        post = _locked(post)
        moderation.remove_all(post)
        post.title, post.source, post.body = "", "", []
        post.deleted = post.updated = clock.now()
        post.save(update_fields=["title", "source", "body", "deleted", "updated"])
        _announce(post)


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


def _checked(title: str, source: str) -> tuple[str, markup.Tree]:
    title = " ".join(title.split())
    body = preview(source)
    if len(title) > MAX_TITLE:
        raise Refusal("too_long")
    if not title and not markup.to_text(body):
        raise Refusal("empty")
    return title, body


def _announce(post: Post) -> None:
    signals.post_changed.send(Post, post=post)
    hints.tell(post)
