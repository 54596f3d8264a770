"""Earlier versions of a post: each edit keeps what it replaced, the newest `KEPT` of them."""

from __future__ import annotations

from social.posts.models import Post, PostVersion

KEPT = 100


def remember(post: Post) -> None:
    """Keep what a post says now, before an edit changes it; in the caller's transaction."""
    PostVersion.objects.create(
        post=post,
        number=post.version,
        title=post.title,
        source=post.source,
        body=post.body,
        time=post.updated,
    )
    PostVersion.objects.filter(post=post, number__lte=post.version - KEPT).delete()


def earlier(post: Post) -> list[PostVersion]:
    """What a post said before, newest first."""
    return list(PostVersion.objects.filter(post=post))
