"""The second factors of a member together: an authenticator app, passkeys, and codes on paper that stand in.

The codes come with the first factor and go with the last.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from social.accounts import passkeys, recovery_codes, totp, typed
from social.accounts.models import User

KINDS = (totp.KIND, passkeys.KIND)
"""Those that are factors by themselves."""


def has_any(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=KINDS).exists())


def added(user: User) -> list[str] | None:
    """After a factor was added: new codes if there are none yet."""
    return None if recovery_codes.of(user) else recovery_codes.renew(user)


@transaction.atomic
def remove(user: User, row: Authenticator) -> None:
    row.delete()
    if not has_any(user):
        drop_all(user)


def drop_all(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


def use_code(user: User, code: str) -> Authenticator | None:
    """The factor that this typed code proves; a code counts once."""
    plain = typed.code(code)
    if len(plain) == totp.DIGITS and plain.isascii() and plain.isdigit():
        return totp.use(user, plain)
    return recovery_codes.use(user, code)
