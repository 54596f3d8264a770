"""The last part of a post's address: short, plain ASCII, unique for its author and kept for good."""

import itertools
from datetime import UTC, datetime

from django.utils.text import slugify

from social.posts.models import Post

MAX_WORDS = 60
RESERVED = {"archive", "page", "tag"}
"""Names of lists below a person's page (`/@name/archive`)."""


def new_slug(author_id: int, title: str, text: str, published: int) -> str:
    """A free slug made of the title, else of the first words, else of the date."""
    wish = _short(slugify(title) or slugify(" ".join(text.split()[:8])))
    wish = wish or datetime.fromtimestamp(published / 1000, UTC).strftime("%Y-%m-%d")
    taken = set(
        Post.objects.filter(author_id=author_id, slug__startswith=wish).values_list("slug", flat=True)
    )
    if wish not in taken | RESERVED:
        return wish
    return next(slug for slug in (f"{wish}-{n}" for n in itertools.count(2)) if slug not in taken)


def is_free(author_id: int, slug: str) -> bool:
    """Whether a post may be at this address."""
    return slug not in RESERVED and not Post.objects.filter(author_id=author_id, slug=slug).exists()


def _short(slug: str) -> str:
    cut = slug[:MAX_WORDS]
    if len(slug) > MAX_WORDS and "-" in cut[20:]:
        cut = cut.rsplit("-", 1)[0]
    return cut.strip("-_")
