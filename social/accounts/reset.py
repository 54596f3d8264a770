"""A forgotten password, replaced by whoever has the recovery phrase (SPEC 4.12).

The challenge is a MAC over the name, its end, and the hash of the present password: nothing is stored, and
the reset itself makes it worthless. There is one for every name, and all failures look alike (`Refused`).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from federation import clock, here
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.reset import DROP, Reset, verify_reset
from social.accounts import factors, passwords, sessions
from social.accounts.models import User

LIFE = 10 * clock.MINUTE


class Refused(Exception):
    """The phrase, the name or the challenge does not fit."""


def challenge(username: str) -> tuple[str, int]:
    """(nonce, expires) for a name, whether anybody has it or not."""
    expires = clock.now() + LIFE
    user = User.objects.welcome().filter(username=username).first()
    return nonce(username, user, expires), expires


def find(username: str) -> User | None:
    return User.objects.welcome().select_for_update().filter(username=username).first()


def nonce(username: str, user: User | None, expires: int) -> str:
    text = f"{username}:{expires}:{user.password if user else ''}"
    return b64encode(salted_hmac("porchlight.reset", text, algorithm="sha256").digest())


def read(given: Any) -> Reset:
    """A statement that is signed, in time, and meant for this site. Raises Refused."""
    try:
        found = verify_reset(given)
    except ProtocolError as error:
        raise Refused from error
    if found.address.site != here.site() or not 0 <= found.expires - clock.now() <= LIFE:
        raise Refused
    return found


def reset(given: Any, password: str) -> User:
    """Set the password of the member of this statement; all their sessions end. Raises Refused, or Weak,
    which depends on nothing but the words that were typed."""
    found = read(given)
    passwords.check(password, User(username=found.address.username))
    with transaction.atomic():
        user = judged(found)
        if found.factors == DROP:
            factors.drop_all(user)
        put(user, password)
    return user


def put(user: User, password: str) -> None:
    """A new password in place of a forgotten one; all sessions end."""
    passwords.put(user, password)
    sessions.end_all(user)


def judged(found: Reset) -> User:
    user = find(found.address.username)
    fresh = constant_time_compare(found.nonce, nonce(found.address.username, user, found.expires))
    if user is None or not fresh or user.account != found.account:
        raise Refused
    return user
