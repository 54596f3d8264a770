"""What tests of keys do as a member's browser would, and what they read of the site."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from federation import clock
from homevault.protocol.canonical import parse
from homevault.protocol.prekeys import verify_keys_document
from social.accounts import prekeys, sessions
from social.accounts.models import Device, User
from tests.server.conftest import Member
from tests.server.identities import Device as OwnDevice


def keys_of(username: str) -> Any:
    return Client(headers={"host": "localhost:8001"}).get(f"/.well-known/porchlight/keys/{username}")


def publish(member: Member, device: OwnDevice, count: int = 0, time: int | None = None) -> int:
    user = User.objects.get(username=member.username)
    row = Device.objects.get(user=user, device=device.id)
    return prekeys.publish(user, row, device.signed_prekey(time), device.one_time(count) if count else None)


def recent(member: Member) -> Member:
    """Their login has just been proven."""
    session = member.client.session
    session[sessions.PROVEN] = clock.now()
    session.save()
    return member


def came(device: OwnDevice, login: str = "") -> None:
    Device.objects.filter(device=device.id).update(last_seen=timezone.now(), login=login)


def served(username: str) -> Any:
    return verify_keys_document(parse(keys_of(username).content))
