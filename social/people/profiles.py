"""Reading and changing profiles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from social.accounts.models import User
from social.people import pictures
from social.people.models import Profile
from social.people.pictures import Picture

FIELDS = ("name", "position", "description", "location")


@dataclass(frozen=True, slots=True)
class Shown:
    """A profile as others see it; `updated` in milliseconds, None while nothing was said."""

    name: str
    position: str = ""
    description: str = ""
    location: str = ""
    updated: int | None = None
    picture: Picture | None = None


def of(user: User) -> Shown:
    return of_all([user])[user.pk]


def of_all(users: Collection[User]) -> dict[int, Shown]:
    """Profiles by the id of their user."""
    rows = Profile.objects.filter(user__in=users).select_related("picture")
    found = {profile.user_id: profile for profile in rows}
    return {user.pk: _shown(user, found.get(user.pk)) for user in users}


def _shown(user: User, found: Profile | None) -> Shown:
    if found is None:
        return Shown(user.username)
    return Shown(
        found.name or user.username,
        found.position,
        found.description,
        found.location,
        int(found.updated.timestamp() * 1000),
        pictures.of(found),
    )


def hiding(users: Collection[User]) -> set[int]:
    """The ids of those who do not let others see that they are connected."""
    return set(Profile.objects.filter(user__in=users, hides_light=True).values_list("user_id", flat=True))


def hide_light(user: User, hidden: bool) -> None:
    """Let others see that one is connected, or not. No public page shows it."""
    profile, _ = Profile.objects.get_or_create(user=user)
    Profile.objects.filter(pk=profile.pk).update(hides_light=hidden)


def change(user: User, changes: Mapping[str, str]) -> Shown:
    """Set these fields, leave the others. Pages that show them are made anew in the same transaction."""
    with transaction.atomic():
        profile, _ = Profile.objects.select_for_update().get_or_create(user=user)
        for name in FIELDS:
            setattr(profile, name, changes.get(name, getattr(profile, name)).strip())
        profile.updated = timezone.now().replace(microsecond=0)
        profile.save()
    return of(user)
