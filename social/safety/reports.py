"""Reports: what members ask moderators to look at, one queue, each decided once.

Whoever is reported never learns by whom, not even as a moderator. The same person reporting the same thing
again while it is open adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from federation import clock, here
from homevault.protocol.addresses import Address
from social.accounts import limits
from social.accounts.models import User
from social.safety import log, telling
from social.safety.errors import Unsafe
from social.safety.models import Report

AN_HOUR = 20
PAGE = 100
STATUS_AFTER = {"resolve": Report.RESOLVED, "dismiss": Report.DISMISSED, "reopen": Report.OPEN}


def make(reporter: User, fields: Mapping[str, str]) -> Report:
    """`fields`: what, ref, about, reason, text. Raises ProtocolError `too_many`."""
    limits.require("reports", reporter.username, AN_HOUR, limits.HOUR)
    with transaction.atomic():
        same = {"reporter": reporter.username, "what": fields["what"], "ref": fields["ref"]}
        known = Report.objects.filter(**same, status=Report.OPEN).first()
        if known is not None:
            return known
        report = Report.objects.create(**same, **{name: fields[name] for name in ("about", "reason", "text")})
        telling.moderators()
    return report


def queue(status: str = Report.OPEN) -> list[Report]:
    """The reports of a status: open ones oldest first, decided ones newest first; none of an unknown one."""
    if status not in Report.STATUSES:
        return []
    found = Report.objects.filter(status=status)
    return list(found.order_by("made" if status == Report.OPEN else "-made", "id")[:PAGE])


def reporter_for(viewer: User, report: Report) -> str | None:
    """Who reported, unless the viewer is whom it is about."""
    return None if is_about(viewer, report) else report.reporter


def is_about(member: User, report: Report) -> bool:
    return report.about == str(Address(*here.site(), member.username))


def decide(by: User, report: Report, deed: str, note: str) -> Report:
    """`deed`: resolve, dismiss or reopen. Only the owner decides about themselves: Unsafe `own_kind`."""
    if is_about(by, report) and by.role != User.OWNER:
        raise Unsafe("own_kind")
    with transaction.atomic():
        current = Report.objects.select_for_update().get(pk=report.pk)
        if current.status == STATUS_AFTER[deed]:
            return current
        current.status, current.note = STATUS_AFTER[deed], note
        current.decided, current.decider = clock.now(), by.username
        current.save(update_fields=["status", "note", "decided", "decider"])
        log.record(by, deed, f"report {current.pk}", note, about=current.about)
        telling.moderators()
    return current
