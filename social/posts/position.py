"""How far a member has read their timeline: one place for all their browsers, which only moves forward."""

from __future__ import annotations

from django.db import transaction

from social.accounts.models import User
from social.posts import timeline
from social.posts.models import ReadUpTo


def of(user: User) -> str | None:
    """The cursor of the newest line that was seen; None before the first."""
    found = ReadUpTo.objects.filter(user=user).first()
    return f"{found.published}.{found.kind}{found.line}" if found else None


def advance(user: User, cursor: str) -> str:
    """Seen up to here; an older place than the known one changes nothing. Returns what holds then. Raises
    Refusal `schema`."""
    place = timeline.place(cursor)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        found = ReadUpTo.objects.filter(user=user).first()
        if found is None or (found.published, found.kind, found.line) < place:
            published, kind, line = place
            values = {"published": published, "kind": kind, "line": line}
            ReadUpTo.objects.update_or_create(user=user, defaults=values)
    return of(user) or cursor
