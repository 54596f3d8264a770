"""Visitors (SPEC 4.10): browsers on the public pages, each with a key pair of its own for one session.

The site keeps the public half, a salted keyed hash of what the browser says about itself, and when it was
last seen. The key is recognised by the session's cookie together with the proof on the websocket, never by
those facts: two equal browsers are two visitors, an updated browser is the one it was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from federation import clock
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import verify_certificate
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from social.accounts import limits
from social.accounts.models import Visitor

COOKIE = "__Host-porchlight-visitor"
ROLE = "visitor"
TOKEN_BYTES = 32
FACTS_LENGTH = 2_000
KEPT = 2 * clock.DAY  # without being seen
A_MINUTE = 30  # new visitors of one address prefix
A_DAY = 500


def register(certificate: Any, facts: str, prefix: str) -> tuple[Visitor, str]:
    """Remember a new visitor; the row, and the token for its cookie. `prefix` is the network it comes from.

    Raises ProtocolError: what verification finds, `certificate_device` for another role, `replay` for a
    key that was registered before, `too_many`. Its time is not judged: clocks of strangers are
    often wrong.
    """
    limits.require("visitors", prefix, A_MINUTE, limits.MINUTE)
    limits.require("visitors-a-day", prefix, A_DAY, 24 * limits.HOUR)
    found = verify_certificate(certificate)
    if found.role != ROLE:
        raise ProtocolError("certificate_device", "role")
    now = clock.now()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with transaction.atomic():
            Visitor.objects.filter(last_seen__lt=now - KEPT).delete()
            row = Visitor.objects.create(
                account=found.account,
                device=found.device,
                certificate=canonical(found.wire),
                session=_hash(token),
                facts=_salted(facts[:FACTS_LENGTH]),
                prefix=keyed(prefix),
                made=now,
                last_seen=now,
            )
    except IntegrityError as error:
        raise ProtocolError("replay", "certificate") from error
    return row, token


def of_session(token: str) -> Visitor | None:
    """The visitor of this cookie, if its session still stands."""
    if not token:
        return None
    return Visitor.objects.filter(session=_hash(token), last_seen__gte=clock.now() - KEPT).first()


def of_username(username: str) -> Visitor | None:
    return Visitor.objects.filter(account=username[1:]).first() if is_visitor(username) else None


def is_visitor(username: str) -> bool:
    return username.startswith("~")


def note_seen(usernames: Collection[str]) -> None:
    """These visitors are here now, or were until now: one write for all."""
    if usernames:
        accounts = [username[1:] for username in usernames]
        Visitor.objects.filter(account__in=accounts).update(last_seen=clock.now())


def keyed(text: str) -> str:
    """A hash that only this site can make: nobody reads an address out of the database."""
    return b64encode(hmac.digest(settings.SECRET_KEY.encode(), f"visitor:{text}".encode(), hashlib.sha256))


def _salted(facts: str) -> str:
    salt = secrets.token_urlsafe(16)
    return f"{salt}.{keyed(f'{salt}:{facts}')}"


def _hash(token: str) -> str:
    return b64encode(hashlib.sha256(token.encode()).digest())
