"""Which language a member reads and is read in, by the app's names for languages.

Public pages are the same for everyone, so they speak their owner's language, never their reader's.
"""

from __future__ import annotations

from django.conf import settings

from social.accounts.models import User

NAMES = {"en": "en", "zh": "zh-hans", "ar": "ar"}
"""The app's names, and Django's for the same."""


def of(user: User) -> str:
    """Django's name for the language of `user`; the site's default where none was chosen."""
    return NAMES.get(user.language, settings.LANGUAGE_CODE)


def of_site() -> str:
    """The language of what belongs to nobody in particular: that of the site's owner."""
    owner = User.objects.filter(role=User.OWNER).order_by("joined", "id").first()
    return of(owner) if owner else settings.LANGUAGE_CODE


def choose(user: User, name: str) -> None:
    """One of NAMES. The pages that speak it are made anew in the same transaction."""
    user.language = name
    user.save(update_fields=["language"])
