"""What is stored of pictures and files."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from social.accounts.inventory import MEMBER, STRANGERS, Holding, by
from social.accounts.models import User
from social.media import folders
from social.media.models import Media, Upload


def weight(user: User | None) -> int:
    """Bytes on disk of a member's media, and of what has come of uploads."""
    kept = Media.objects.filter(owner=user).aggregate(total=Sum("size"))["total"] or 0
    return kept + (Upload.objects.filter(owner=user).aggregate(total=Sum("offset"))["total"] or 0)


def cache_weight(_user: User | None) -> int:
    return sum(path.stat().st_size for path in folders.remote().glob("*.webp"))


HOLDINGS = (
    Holding(
        "media",
        MEMBER,
        _("Pictures and files"),
        _("What you sent for your posts, and where it is shown."),
        _("Until you delete it; uploads that were broken off, one day."),
        {
            "media.Media": by("owner"),
            "media.File": by("media__owner"),
            "media.Use": by("media__owner"),
            "media.Upload": by("owner"),
        },
        "/house/files",
        weight,
    ),
    Holding(
        "remote",
        STRANGERS,
        _("Small copies of other sites’ pictures"),
        _("So that those sites do not learn who looks."),
        _("Until newer ones need the room."),
        {},
        files=cache_weight,
    ),
)
