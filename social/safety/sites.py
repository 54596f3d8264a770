"""Blocking other sites: the owner's decision, written into the moderators' log."""

from __future__ import annotations

from django.db import transaction

from federation import blocks
from federation.models import SiteBlock
from social.accounts.models import User
from social.safety import log


def block(by: User, pattern: str, reason: str) -> SiteBlock:
    """Twice changes nothing. Raises ProtocolError `address`, `too_many`."""
    with transaction.atomic():
        row, new = blocks.add(pattern, reason)
        if new:
            log.record(by, "site-block", row.pattern, reason)
    return row


def unblock(by: User, row: SiteBlock) -> None:
    with transaction.atomic():
        log.record(by, "site-unblock", row.pattern)
        blocks.remove(row)
