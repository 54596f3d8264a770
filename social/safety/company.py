"""Who is here now, as members see it: everybody who lives on this site with their light, and visitors.

Nobody learns more than that somebody is not connected from: a light that its member hides, a member who has
blocked the viewer, and, except for moderators, a moderators' block. Whom the viewer blocked is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from federation import here
from social.accounts.models import User
from social.people import profiles
from social.people.profiles import Shown
from social.safety import blocks, presence
from social.safety.access import MODERATORS
from social.safety.models import PersonBlock
from social.safety.presence import Present

GREEN, ORANGE, RED = "green", "orange", "red"
LIGHTS = (GREEN, ORANGE, RED)
MOST = 500
VISITORS = 50


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A member as `viewer` sees them; `own` is the viewer."""

    username: str
    shown: Shown
    light: str
    own: bool


@dataclass(frozen=True, slots=True)
class Company:
    """`members` are ordered: who is connected first, then by name; `further` visitors are not listed."""

    members: list[Neighbour]
    visitors: list[Present]
    further: int


def of(viewer: User) -> Company:
    present = presence.online()
    visitors = [one for one in present if one.kind == "visitor"]
    members = _members(viewer, {one.username for one in present if one.kind == "member"})
    return Company(members, visitors[:VISITORS], max(0, len(visitors) - VISITORS))


def _members(viewer: User, connected: Collection[str]) -> list[Neighbour]:
    unwanted = set(_local_blocks(user=viewer).values_list("username", flat=True))
    users = User.objects.filter(is_active=True).exclude(username__in=unwanted).order_by("joined", "id")
    found = list(islice(users.iterator(), MOST))
    shown = profiles.of_all(found)
    dark = _dark(viewer, found)
    blocked = set(blocks.current().values_list("username", flat=True))
    sees_blocks = viewer.role in MODERATORS

    def light(user: User) -> str:
        if user.username not in connected or user.username in dark:
            return RED
        if user.username in blocked:
            return ORANGE if sees_blocks or user == viewer else RED
        return GREEN

    rows = [Neighbour(one.username, shown[one.pk], light(one), one == viewer) for one in found]
    return sorted(rows, key=lambda row: (row.light == RED, row.shown.name.casefold(), row.username))


def _dark(viewer: User, users: Collection[User]) -> set[str]:
    """Whose light `viewer` does not see."""
    same = Q(username=viewer.username, ip=here.site()[0], port=here.site()[1])
    of_account = Q(account=viewer.account or "", account__gt="")
    shut = PersonBlock.objects.filter(same | of_account).values_list("user__username", flat=True)
    hidden = profiles.hiding(users)
    return ({*shut} | {user.username for user in users if user.pk in hidden}) - {viewer.username}


def _local_blocks(user: User) -> QuerySet[PersonBlock]:
    ip, port = here.site()
    return PersonBlock.objects.filter(user=user, ip=ip, port=port)
