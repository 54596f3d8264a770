"""Codes of an authenticator app (RFC 6238): six digits, SHA-1, a step of 30 seconds, a drift of one step.

The secret is sealed at rest with a key of the data folder. The newest step whose code was taken is stored
with it under a row lock; that step and those before it are never taken again, however many ask at once.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from functools import cache
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from nacl.secret import SecretBox

from federation import clock
from social.accounts.models import User

STEP = 30
DIGITS = 6
DRIFT = 1
SECRET_BYTES = 20
KIND = Authenticator.Type.TOTP


def code_at(secret: bytes, counter: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of one counter (RFC 4226, 5.3)."""
    mac = hmac.new(secret, counter.to_bytes(8, "big"), digest).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_at(milliseconds: int) -> int:
    return milliseconds // (STEP * clock.SECOND)


def step_of(secret: bytes, code: str, after: int) -> int | None:
    """The step near now, later than `after`, whose code this is."""
    now = step_at(clock.now())
    steps = range(max(now - DRIFT, after + 1), now + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step), code)), None)


def new_secret() -> str:
    """In base32, as people type it into an app."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def uri(user: User, secret: str) -> str:
    """What the QR code says (otpauth)."""
    issuer = settings.PORCHLIGHT.authority
    label = f"{quote(issuer, safe='')}:{quote(user.username)}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def of(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(user=user, type=KIND).first()
    return found


def activate(user: User, secret: str, code: str) -> bool:
    """Take this secret, in place of any before, if the code shows that the member's app has it."""
    step = step_of(base64.b32decode(secret), code, after=-1)
    if step is None:
        return False
    data = {"secret": sealed(secret), "last_step": step}
    Authenticator.objects.update_or_create(
        user=user, type=KIND, defaults={"data": data, "last_used_at": None}
    )
    return True


def use(user: User, code: str) -> Authenticator | None:
    """The member's app, if this is a code of it that was not used before; it is used now."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=user, type=KIND).first()
        if row is None:
            return None
        step = step_of(base64.b32decode(opened(row.data["secret"])), code, after=row.data["last_step"])
        if step is None:
            return None
        row.data["last_step"] = step
        row.save(update_fields=["data"])
    used: Authenticator = row
    return used


@cache
def box() -> SecretBox:
    return SecretBox(salted_hmac("porchlight.totp", "seal", algorithm="sha256").digest())


def sealed(secret: str) -> str:
    return base64.b64encode(bytes(box().encrypt(secret.encode()))).decode()


def opened(text: str) -> str:
    return box().decrypt(base64.b64decode(text)).decode()
