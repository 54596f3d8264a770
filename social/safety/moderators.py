"""Who moderates: the owner chooses among the members and takes it back.

Each change is one transaction with its line in the log, and holds from the next request on. The owner stays
the owner; nobody is made one here.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from social.accounts.access import Absent
from social.accounts.models import User
from social.safety import log, telling
from social.safety.errors import Unsafe


def members() -> list[User]:
    """All who could be chosen, and the owner, by name."""
    return list(User.objects.filter(is_active=True).order_by("username"))


def appoint(by: User, username: str) -> None:
    """Make a member a moderator; again changes nothing. Raises Absent, Unsafe `own_kind` for the owner."""
    _become(by, username, User.MODERATOR, "appoint")


def release(by: User, username: str) -> None:
    """Make a moderator a member again; again changes nothing. Raises Absent, Unsafe `own_kind` for the
    owner."""
    _become(by, username, User.MEMBER, "release")


def inherited(user: User, heir: User, **_: Any) -> None:
    """The owner leaves, in this transaction, and another member owns the site."""
    log.record(user, "hand-over", heir.username)
    telling.moderators()


def _become(by: User, username: str, role: str, deed: str) -> None:
    with transaction.atomic():
        member = User.objects.select_for_update().filter(username=username, is_active=True).first()
        if member is None:
            raise Absent
        if member.role == User.OWNER:
            raise Unsafe("own_kind")
        if member.role == role:
            return
        telling.moderators()
        member.role = role
        member.save(update_fields=["role"])
        log.record(by, deed, member.username)
