"""The picture by which a member is known: one of their own, public while it is shown, gone when it is taken
away unless something else shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from federation import here
from social.accounts.models import User
from social.media import library, squares
from social.people.models import Profile


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of 512 pixels and one of 192, as absolute URLs; `alt` is for those who cannot see it."""

    url: str
    small: str
    alt: str = ""


def of(profile: Profile) -> Picture | None:
    """A profile with `picture` loaded."""
    if profile.picture is None:
        return None
    base = f"{here.origin()}/media/{profile.picture.uid}"
    return Picture(f"{base}/{squares.LARGE}", f"{base}/{squares.SMALL}", profile.picture_alt)


def choose(user: User, uid: UUID, alt: str) -> None:
    """Show one of one's own pictures; the one before goes. Raises MediaRefusal."""
    (media,) = library.ready(user, [uid])
    squares.ensure(media)
    with transaction.atomic():
        profile, _ = Profile.objects.select_for_update().get_or_create(user=user)
        before = profile.picture_id
        profile.picture, profile.picture_alt = media, alt.strip()
        _save(profile)
        if before != media.pk:
            library.discard(_name(user))
        library.use(_name(user), [media])


def remove(user: User) -> None:
    """Show none; the file is deleted unless something else shows it."""
    with transaction.atomic():
        profile = Profile.objects.select_for_update().filter(user=user).first()
        if profile is None or profile.picture_id is None:
            return
        profile.picture, profile.picture_alt = None, ""
        _save(profile)
        library.discard(_name(user))


def _save(profile: Profile) -> None:
    profile.updated = timezone.now().replace(microsecond=0)
    profile.save()


def _name(user: User) -> str:
    return f"profile:{user.pk}"
