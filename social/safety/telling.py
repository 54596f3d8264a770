"""Tells open browsers of moderators, or of everybody who lives here, that there is more to see, after the
commit. Only a hint."""

from __future__ import annotations

from django.db import transaction

from signaling import relay
from social.accounts import connected
from social.accounts.models import User
from social.safety.access import MODERATORS


def moderators() -> None:
    def tell() -> None:
        for name in User.objects.filter(role__in=MODERATORS, is_active=True).values_list(
            "username", flat=True
        ):
            relay.push_site(name, "changed", {"topic": "moderation"})

    transaction.on_commit(tell, robust=True)


def members() -> None:
    """Somebody came, went, or is seen otherwise: whoever lives here and is connected may look."""

    def tell() -> None:
        for name in connected.members():
            relay.push_site(name, "changed", {"topic": "people"})

    transaction.on_commit(tell, robust=True)
