"""A member as public pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import languages
from social.accounts.models import User
from social.people import beacons, profiles
from social.people.models import Profile
from social.people.pictures import Picture

SUMMARY = 200


@dataclass(frozen=True, slots=True)
class Person:
    """`url` has no slash at its end; `updated` is None while nothing was said about them yet; `signed` is
    what a device of theirs signed, with the beacons (SPEC 4.13)."""

    username: str
    name: str
    position: str
    location: str
    description: str
    updated: datetime | None
    address: str
    account: str | None
    url: str
    picture: Picture | None = None
    signed: dict[str, Any] | None = None
    language: str = settings.LANGUAGE_CODE

    @property
    def initial(self) -> str:
        return next((letter.upper() for letter in self.name if letter.isalnum()), "·")

    @property
    def summary(self) -> str:
        said = " · ".join(filter(None, (self.position, " ".join(self.description.split()))))
        return (said or self.address)[:SUMMARY]


def person_of(user: User) -> Person:
    """Who `user` is to the public, as it stands in this transaction."""
    shown = profiles.of(user)
    return Person(
        username=user.username,
        name=shown.name,
        position=shown.position,
        location=shown.location,
        description=shown.description,
        updated=moment(shown.updated) if shown.updated else None,
        address=str(Address(*here.site(), user.username)),
        account=user.account,
        url=f"{here.origin()}/@{user.username}",
        picture=shown.picture,
        signed=beacons.served(Profile.objects.filter(user=user).first()),
        language=languages.of(user),
    )


def moment(milliseconds: int) -> datetime:
    """A stored time as a date in UTC, to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
