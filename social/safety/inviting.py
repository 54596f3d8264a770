"""Who may invite: the owner, and moderators where the owner allows it. What is done with links is logged; who
they are for is not.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from social.accounts import access as accounts
from social.accounts import invites
from social.accounts.access import Absent
from social.accounts.models import Invite, User
from social.safety import access, log, telling
from social.safety.models import Allowance


def moderators_may() -> bool:
    return Allowance.objects.filter(what=Allowance.INVITE).exists()


def may_invite(user: User) -> bool:
    return user.role == User.OWNER or (user.role == User.MODERATOR and moderators_may())


def inviter(user: Any) -> User:
    """The member who is logged in, if they may invite. Raises PermissionDenied for anybody else."""
    found = accounts.member(user)
    if not may_invite(found):
        raise PermissionDenied
    return found


def allow(by: User, allowed: bool) -> None:
    """Let moderators invite, or no longer; links they made stay. Again changes nothing."""
    with transaction.atomic():
        if allowed:
            _, changed = Allowance.objects.get_or_create(what=Allowance.INVITE)
        else:
            changed = bool(Allowance.objects.filter(what=Allowance.INVITE).delete()[0])
        if changed:
            log.record(by, "invites-open" if allowed else "invites-close")
            telling.moderators()


def links(by: User) -> QuerySet[Invite]:
    """All links for the owner, for moderators their own."""
    found = invites.every()
    return found if by.role == User.OWNER else found.filter(maker=by)


def make(by: User, label: str, days: int, uses: int) -> tuple[Invite, str]:
    """See `invites.make`. Raises ProtocolError `blocked`."""
    access.require_reach(by)
    with transaction.atomic():
        row, token = invites.make(by, label, days, uses)
        log.record(by, "invite", str(row.pk), days=days, uses=uses)
    return row, token


def revoke(by: User, pk: int) -> None:
    """Raises Absent."""
    row = links(by).filter(pk=pk).first()
    if row is None:
        raise Absent
    with transaction.atomic():
        if invites.revoke(row):
            log.record(by, "invite-revoke", str(row.pk))


def came(user: User, invite: int, **_: Any) -> None:
    """Somebody signed up by a link, in this transaction."""
    log.record(user, "join", str(invite))
    telling.members()
