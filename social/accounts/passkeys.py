"""Passkeys (WebAuthn): made, named, removed, and proved, with user verification each time.

The relying party is the site's host and the origin must be the site's own. A challenge lives in the session
for CHALLENGE_LIFE and for one answer. What an authenticator says of itself (attestation) is not asked for.
"""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from federation import clock, here
from social.accounts.models import User

KIND = Authenticator.Type.WEBAUTHN
STATE = "passkey"
CHALLENGE_LIFE = 5 * clock.MINUTE
MOST = 20
NAME_LENGTH = 60
VERIFIED = UserVerificationRequirement.REQUIRED


class Refused(Exception):
    """What the authenticator answered does not fit; why is nobody's business."""


def server() -> Fido2Server:
    site = settings.PORCHLIGHT
    party = PublicKeyCredentialRpEntity(id=site.host, name=site.name)
    return Fido2Server(party, verify_origin=lambda origin: origin == here.origin())


def of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=KIND).order_by("created_at", "id"))


def credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.data["credential"]))


def handle(user: User) -> bytes:
    """How an authenticator calls the member: says nothing about them."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:passkey:{user.pk}".encode()).digest()


def begin_adding(session: SessionBase, user: User) -> dict[str, Any]:
    """Options for `navigator.credentials.create`, in their JSON form."""
    entity = PublicKeyCredentialUserEntity(id=handle(user), name=user.username, display_name=user.username)
    options, state = server().register_begin(
        entity,
        [credential(row) for row in of(user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    remember(session, state)
    return dict(options.public_key)


def add(session: SessionBase, user: User, name: str, answer: Any) -> Authenticator:
    """Store what the authenticator made. Raises Refused."""
    try:
        made = server().register_complete(recall(session), answer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused from error
    new = made.credential_data
    if new is None or is_known(new.credential_id):
        raise Refused
    data = {"name": name, "credential": websafe_encode(bytes(new)), "counter": made.counter}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if len(of(user)) >= MOST:
            raise Refused
        row: Authenticator = Authenticator.objects.create(user=user, type=KIND, data=data)
    return row


def is_known(id: bytes) -> bool:
    """Whether anybody here has a passkey of this id."""
    rows = Authenticator.objects.filter(type=KIND)
    return any(credential(row).credential_id == id for row in rows.iterator())


def rename(row: Authenticator, name: str) -> None:
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().get(pk=row.pk)
        locked.data["name"] = name
        locked.save(update_fields=["data"])


def begin_proving(session: SessionBase, user: User | None = None) -> dict[str, Any]:
    """Options for `navigator.credentials.get`: any passkey of this site, or one of this member's."""
    known = [credential(row) for row in of(user)] if user else None
    options, state = server().authenticate_begin(known, user_verification=VERIFIED)
    remember(session, state)
    return dict(options.public_key)


def prove(session: SessionBase, answer: Any, user: User | None = None) -> Authenticator:
    """The passkey that signed the challenge, of this member if one is given. Raises Refused."""
    try:
        state = recall(session)
        given = AuthenticationResponse.from_dict(answer)
        row = find(given, user)
        server().authenticate_complete(state, [credential(row)], given)
        count(row, given.response.authenticator_data.counter)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused from error
    return row


def find(given: AuthenticationResponse, user: User | None) -> Authenticator:
    """The stored passkey of this answer. Raises ValueError."""
    rows = Authenticator.objects.filter(user__in=User.objects.welcome(), type=KIND).select_related("user")
    if user is not None:
        rows = rows.filter(user=user)
    for row in rows:
        if credential(row).credential_id == given.raw_id:
            stated = given.response.user_handle
            if stated is not None and stated != handle(row.user):
                break
            return row
    raise ValueError("unknown passkey")


def count(row: Authenticator, counter: int) -> None:
    """Authenticators that count must count upwards: one that does not was copied. Raises ValueError."""
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().get(pk=row.pk)
        if counter <= locked.data["counter"] and (counter or locked.data["counter"]):
            raise ValueError("counter")
        locked.data["counter"] = counter
        locked.save(update_fields=["data"])


def remember(session: SessionBase, state: Any) -> None:
    session[STATE] = {"until": clock.now() + CHALLENGE_LIFE, "state": state}


def recall(session: SessionBase) -> Any:
    """The state of the open challenge, for one use. Raises ValueError."""
    found = session.pop(STATE, None)
    if found is None or found["until"] < clock.now():
        raise ValueError("no challenge")
    return found["state"]
