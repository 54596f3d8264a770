"""What a password must be (long enough, not the name, not one of the well-known ones), and its change."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from social.accounts import mail_news, sessions, typed
from social.accounts.models import User

SHORTEST = 10
LONGEST = 256
NAME_MATTERS_FROM = 3


class Weak(ValueError):
    """The password is not good enough; the text says why."""


def check(password: str, user: User) -> None:
    """Raises Weak."""
    try:
        validate_password(typed.password(password), user)
    except ValidationError as error:
        raise Weak(error.messages[0]) from error


def change(request: HttpRequest, user: User, password: str) -> None:
    """Set it, and end all sessions but this one. Raises Weak."""
    check(password, user)
    put(user, password)
    update_session_auth_hash(request, user)
    request.session.save()
    sessions.end_others(user, sessions.public_id(request.session))


def put(user: User, password: str) -> None:
    """Set a password that was checked, and have its member told by mail."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        mail_news.tell(user, "password")


class LongEnough:
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                _("Use at least %(number)d characters. A few plain words make a good password.")
                % {"number": SHORTEST},
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use at most %(number)d characters.") % {"number": LONGEST}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("At least %(number)d characters.") % {"number": SHORTEST}


class NotTheName:
    def validate(self, password: str, user: Any = None) -> None:
        name = getattr(user, "username", "") or ""
        if len(name) >= NAME_MATTERS_FROM and name in password.lower() and len(password) < 2 * len(name) + 6:
            raise ValidationError(_("That is too close to your name."), code="password_too_similar")

    def get_help_text(self) -> str:
        return _("Not your own name.")


class NotCommon(CommonPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        if password.lower().strip() in self.passwords or len(set(password)) < 4:
            raise ValidationError(
                _("Many people use that password, so it is guessed first. Choose another."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Not one that many people use.")
