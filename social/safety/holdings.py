"""What is stored of blocks, reports and what moderators decided."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from social.accounts.holdings import UNTIL_YOU, WITH_THE_SITE, address, username
from social.accounts.inventory import MEMBER, SITE, STRANGERS, Holding, by
from social.accounts.models import User


def in_the_log(user: User) -> Q:
    return Q(actor=user.username) | Q(target__in=(user.username, address(user)))


def in_reports(user: User) -> Q:
    return Q(reporter=user.username) | Q(decider=user.username)


HOLDINGS = (
    Holding(
        "blocks",
        MEMBER,
        _("Whom you blocked"),
        _("So that nothing of theirs reaches you."),
        UNTIL_YOU,
        {"safety.PersonBlock": by("user")},
        "/people",
    ),
    Holding(
        "moderation",
        MEMBER,
        _("Reports and moderators’ decisions"),
        _("What you reported, what was decided about you, and what you decided as a moderator."),
        _("Until you delete your account; the log then forgets your name."),
        {
            "safety.Block": by("username", username),
            "safety.Report": in_reports,
            "safety.LogEntry": in_the_log,
        },
        withheld=frozenset(
            {
                "safety.Block.prefix",
                "safety.LogEntry.actor",
                "safety.LogEntry.details",
                "safety.Report.decider",
                "safety.Report.note",
            }
        ),
    ),
    Holding(
        "others_moderation",
        STRANGERS,
        _("Visitors and people elsewhere whom moderators dealt with"),
        _("Blocks with a scrambled mark of the network, reports, and the moderators’ log."),
        WITH_THE_SITE,
        {
            "safety.Block": Q(username__startswith="~"),
            "safety.Report": ~Q(about=""),
            "safety.LogEntry": Q(target__startswith="~") | Q(target__startswith="@"),
        },
    ),
    Holding(
        "rules",
        SITE,
        _("The site’s own words, and what is decided"),
        _("Rules, privacy, imprint and contact; sites that are blocked; the moderators’ log."),
        WITH_THE_SITE,
        {
            "safety.SiteText": Q(),
            "safety.Allowance": Q(),
            "safety.LogEntry": Q(),
            "safety.Report": Q(),
            "safety.Block": Q(),
            "federation.SiteBlock": Q(),
        },
    ),
)
