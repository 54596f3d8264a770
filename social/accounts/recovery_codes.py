"""Ten codes on paper that each stand in for the second factor once. Shown when they are made, never again.

A code has 60 bits; what is stored is its scrypt hash under a salt of the set. A used one leaves the set.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction

from federation import clock
from social.accounts import typed
from social.accounts.models import User

COUNT = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
GROUPS = 3
GROUP = 4
LENGTH = GROUPS * GROUP
LOOKALIKES = str.maketrans("oil", "011")
KIND = Authenticator.Type.RECOVERY_CODES


def new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain(code: str) -> str:
    """A code as it is hashed: without case, hyphens, spaces, and letters that look like digits."""
    return typed.code(code).lower().replace("-", "").translate(LOOKALIKES)


def hash_of(code: str, salt: str) -> str:
    raw = hashlib.scrypt(plain(code).encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=32)
    return base64.b64encode(raw).decode()


def of(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(user=user, type=KIND).first()
    return found


def renew(user: User) -> list[str]:
    """New codes in place of all before; the only time they are known."""
    codes = [new_code() for _ in range(COUNT)]
    salt = secrets.token_urlsafe(16)
    data = {"salt": salt, "hashes": [hash_of(code, salt) for code in codes], "made": clock.now()}
    Authenticator.objects.update_or_create(
        user=user, type=KIND, defaults={"data": data, "last_used_at": None}
    )
    return codes


def left(row: Authenticator) -> int:
    return len(row.data["hashes"])


def use(user: User, code: str) -> Authenticator | None:
    """The member's set, if this code was in it; it is no longer."""
    if len(plain(code)) != LENGTH:
        return None
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=user, type=KIND).first()
        if row is None:
            return None
        given = hash_of(code, row.data["salt"])
        kept = [each for each in row.data["hashes"] if not hmac.compare_digest(each, given)]
        if len(kept) == left(row):
            return None
        row.data["hashes"] = kept
        row.save(update_fields=["data"])
    used: Authenticator = row
    return used
