"""What is stored of profiles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from social.accounts.holdings import UNTIL_YOU
from social.accounts.inventory import MEMBER, Holding, by

HOLDINGS = (
    Holding(
        "profile",
        MEMBER,
        _("Profile"),
        _("What you say about yourself; everybody can read it."),
        UNTIL_YOU,
        {"people.Profile": by("user")},
        "/house/profile",
    ),
)
