"""What a device signed of its account, with its beacons: sites that tell of a move when its own is gone
(SPEC 4.13). Kept and served as it came; of two the newer counts.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from federation import here
from homevault.protocol import canonical, moves
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import Certificate, verify_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.moves import Profile as Statement
from homevault.protocol.prekeys import verify_keys_document
from social.accounts import access, keys
from social.accounts.models import User
from social.people.models import Profile

LIMIT = 4_096
MEMBERS = {"profile", "certificate"}


def read(value: Any, account: str | None) -> tuple[Statement, Certificate]:
    """A `{profile, certificate}` of this account, verified. Raises ProtocolError."""
    if type(value) is not dict or set(value) != MEMBERS:
        raise ProtocolError("schema", "profile")
    certificate = verify_certificate(value["certificate"])
    if certificate.account != account:
        raise ProtocolError("certificate_account", "profile")
    return moves.verify_profile(value["profile"], certificate), certificate


def newer(before: bytes, value: Any, account: str) -> bytes:
    """The newer of what is kept and what came, as it is kept. Raises ProtocolError for what is none of the
    account's."""
    found, certificate = read(value, account)
    kept = of(before, account)
    if kept is not None and moves.latest(kept, found) is kept:
        return before
    return canonical.canonical({"profile": found.wire, "certificate": certificate.wire})


def of(kept: bytes, account: str) -> Statement | None:
    """What was kept, None for nothing."""
    return read(canonical.parse(kept, LIMIT), account)[0] if kept else None


def take(user: User, value: Any) -> Statement:
    """Keep what a listed device of a member signed, unless a newer one is known, and serve it; the newest.
    Raises ProtocolError, Absent for somebody without keys."""
    account = access.enrolled(user.username).account
    found, certificate = read(value, account)
    if found.address != Address(*here.site(), user.username):
        raise ProtocolError("schema", "profile.address")
    if here.address() in found.beacons:
        raise ProtocolError("schema", "profile.beacons")
    _check_listed(user, certificate)
    with transaction.atomic():
        profile, _ = Profile.objects.select_for_update().get_or_create(user=user)
        profile.statement = newer(bytes(profile.statement), value, str(account))
        profile.save(update_fields=["statement"])
    return read(served(profile), account)[0]


def own(user: User) -> Statement | None:
    """The newest that a member signed."""
    profile = Profile.objects.filter(user=user).first()
    return None if profile is None or user.account is None else of(bytes(profile.statement), user.account)


def served(profile: Profile | None) -> dict[str, Any] | None:
    """The newest as `{profile, certificate}`."""
    kept = bytes(profile.statement) if profile is not None else b""
    return canonical.parse(kept, LIMIT) if kept else None


def _check_listed(user: User, certificate: Certificate) -> None:
    listed = verify_keys_document(keys.document_here(user.username)).list.devices.get(certificate.device)
    if listed is None or listed.wire != certificate.wire:
        raise ProtocolError("unlisted_device", "profile")
