"""The owner's words about the site: rules, privacy, imprint, and where to complain, for public pages."""

from __future__ import annotations

from django.db import transaction
from django.dispatch import Signal

from federation import clock
from social.accounts.models import User
from social.safety import log
from social.safety.models import SiteText

LONGEST = 50_000

changed = Signal()
"""`sender` is SiteText; `kind`: which text is another now. Inside the transaction."""


def source(kind: str) -> str:
    found = SiteText.objects.filter(kind=kind).first()
    return found.source if found else ""


def every() -> dict[str, str]:
    """All texts by kind; empty where nothing was written."""
    known = dict(SiteText.objects.values_list("kind", "source"))
    return {kind: known.get(kind, "") for kind in SiteText.KINDS}


def write(by: User, kind: str, text: str) -> None:
    with transaction.atomic():
        SiteText.objects.update_or_create(kind=kind, defaults={"source": text, "updated": clock.now()})
        log.record(by, "text", kind)
        changed.send(SiteText, kind=kind)
