"""Invite links: the owner lets people in, each link for some of them and some time.

A link's token is stored as a hash only, so it is shown once, when it is made. Redeeming it marks the session;
the sign-up counts the use in the transaction that makes the member, so that a link lets in as many as it
says, however many try at once. Wrong, used up, expired and revoked links are one and the same: refused.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal
from django.http import HttpRequest

from federation import clock
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from social.accounts.models import Invite, User
from social.accounts.setup import Closed

TOKEN_BYTES = 24
SESSION_MARK = "invite"
MOST_DAYS = 90
MOST_USES = 100
MOST_OPEN = 100

used = Signal()
"""`sender` is Invite; `user` came by the link with the id `invite`. Inside the transaction."""


def make(by: User, label: str, days: int, uses: int) -> tuple[Invite, str]:
    """A new link and its token, which is kept nowhere. Raises ProtocolError `too_many`."""
    if standing().count() >= MOST_OPEN:
        raise ProtocolError("too_many", "invites")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    row = Invite.objects.create(
        token=hashed(token),
        label=label,
        maker=by,
        made=now,
        expires=now + days * clock.DAY,
        uses=uses,
    )
    return row, token


def link(token: str) -> str:
    return f"{settings.PORCHLIGHT.origin}/app/join#{token}"


def hashed(token: str) -> str:
    return b64encode(hashlib.sha256(token.encode()).digest())


def every() -> QuerySet[Invite]:
    """All links, the newest first, with who came by them."""
    return Invite.objects.order_by("-id").select_related("maker").prefetch_related("members")


def standing() -> QuerySet[Invite]:
    """Those that still let somebody in."""
    return Invite.objects.filter(revoked=None, expires__gt=clock.now(), used__lt=F("uses"))


def revoke(row: Invite) -> bool:
    """It lets nobody in any more; who came stays. Again changes nothing and is false."""
    return Invite.objects.filter(pk=row.pk, revoked=None).update(revoked=clock.now()) > 0


def redeem(session: SessionBase, given: str) -> bool:
    """Let this session sign up once if the token is good."""
    found = standing().filter(token=hashed(given)).first()
    if found is not None:
        session[SESSION_MARK] = found.pk
    return found is not None


def may_sign_up(request: HttpRequest) -> bool:
    return standing().filter(pk=request.session.get(SESSION_MARK) or 0).exists()


def finish(request: HttpRequest, user: User) -> None:
    """Save the new member and count the use, or neither. Raises Closed."""
    invite = int(request.session.get(SESSION_MARK) or 0)
    with transaction.atomic():
        if not standing().filter(pk=invite).update(used=F("used") + 1):
            raise Closed
        user.invite_id = invite
        user.save()
        used.send(Invite, user=user, invite=invite)
    del request.session[SESSION_MARK]
