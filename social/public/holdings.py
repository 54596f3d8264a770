"""What is stored of finished public pages."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from social.accounts.inventory import MEMBER, SITE, Holding, by
from social.accounts.models import User


def pages_of(user: User) -> Q:
    base = f"/@{user.username}"
    return Q(path=base) | Q(path__startswith=f"{base}/")


HOLDINGS = (
    Holding(
        "pages",
        MEMBER,
        _("Your public pages, finished"),
        _("The same words once more, as they are sent to readers, and the number of your feed."),
        _("Made anew with each change; gone with what they show."),
        {"public.PublishedPage": pages_of, "public.FeedIdentity": by("user")},
        withheld=frozenset({"public.PublishedPage"}),
    ),
    Holding(
        "front",
        SITE,
        _("The site’s front page and its parts"),
        _("Ready to be sent."),
        _("Made anew with each change; gone with what they show."),
        {"public.PublishedPage": ~Q(path__startswith="/@"), "public.Edition": Q(), "public.Look": Q()},
    ),
)
