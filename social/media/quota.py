"""How much a member may keep, and how much there is: media, and what is announced of uploads."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from social.accounts.models import User
from social.media.errors import MediaRefusal
from social.media.models import Media, Upload


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes; `kinds` by kind of medium."""

    quota: int
    used: int
    coming: int
    kinds: dict[str, int]

    @property
    def free(self) -> int:
        return max(0, self.quota - self.used - self.coming)


def usage(owner: User) -> Usage:
    rows = Media.objects.filter(owner=owner).values_list("kind").annotate(Sum("size")).order_by()
    kinds = {kind: total for kind, total in rows if kind and total}
    used = sum(total or 0 for _, total in rows)
    coming = Upload.objects.filter(owner=owner).aggregate(total=Sum("size"))["total"] or 0
    return Usage(settings.PORCHLIGHT.media_quota, used, coming, kinds)


def require_room(owner: User, size: int) -> None:
    """Raises MediaRefusal `media_quota`."""
    if size > usage(owner).free:
        raise MediaRefusal("media_quota")
