"""What moderators noted about a member goes with the member; the log keeps that something was done."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from federation import here
from social.accounts.holdings import address
from social.accounts.models import User
from social.safety.holdings import in_reports, in_the_log
from social.safety.models import Block, LogEntry, Report

SOMEBODY = "-"


def erase(user: User) -> None:
    """In the transaction that erases the member. The only change that the log ever sees: it forgets a name,
    and the words and details that may hold it."""
    entries: QuerySet[LogEntry] = QuerySet(LogEntry)
    found = entries.filter(in_the_log(user) | Q(details__about=address(user)))
    named = entries.filter(pk__in=list(found.values_list("pk", flat=True)))
    named.filter(actor=user.username).update(actor=SOMEBODY)
    named.filter(target__in=(user.username, address(user))).update(target=SOMEBODY)
    named.update(why="", details={})
    Block.objects.filter(username=user.username).delete()
    Report.objects.filter(decider=user.username).update(decider=SOMEBODY)
    page = f"{here.origin()}/@{user.username}"
    about = Q(about=address(user)) | Q(ref__in=(address(user), page)) | Q(ref__startswith=f"{page}/")
    Report.objects.filter(in_reports(user) | about).delete()
