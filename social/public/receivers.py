"""What makes pages anew: changes of posts, comments, people and the site's own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from social.accounts.models import User
from social.people.models import Profile
from social.posts import signals
from social.posts.models import Post
from social.public import build, site_pages
from social.safety import persons, texts

PUBLIC_FIELDS = {"username", "account", "is_active", "language"}


@receiver(signals.post_changed)
def post_changed(post: Post, tags: Collection[str] = (), moved: bool = False, **_: Any) -> None:
    build.post_pages(post, tags, moved)


@receiver(signals.posts_imported)
def posts_imported(user: User, posts: Sequence[int], **_: Any) -> None:
    build.imported_pages(user, posts)


@receiver(signals.recent_changed)
def recent_changed(user: User | None = None, **_: Any) -> None:
    build.recent_pages(user)


@receiver(signals.comments_changed)
def comments_changed(post: Post, **_: Any) -> None:
    build.comment_pages(post)


@receiver(persons.changed)
def blocks_changed(user: User, **_: Any) -> None:
    build.person_pages(user)


@receiver(texts.changed)
def texts_changed(**_: Any) -> None:
    site_pages.rebuild()


@receiver(post_save, sender=User)
def user_saved(instance: User, update_fields: Collection[str] | None = None, **_: Any) -> None:
    if update_fields is None or PUBLIC_FIELDS & set(update_fields):
        build.person_pages(instance)
        if instance.role == User.OWNER:
            site_pages.rebuild()


@receiver(post_save, sender=Profile)
def profile_saved(instance: Profile, **_: Any) -> None:
    build.person_pages(instance.user)


@receiver(post_delete, sender=User)
def user_deleted(instance: User, **_: Any) -> None:
    build.no_more(instance)
