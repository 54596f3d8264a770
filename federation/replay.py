"""Nonces of signed requests, each taken once: kept in the database until the signature that bore it is
expired."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from federation import clock
from federation.models import Nonce
from homevault.protocol.errors import ProtocolError


def take(key: str, nonce: str, until: int) -> None:
    """Use up a nonce of a key. Raises ProtocolError `replay` if it was used before."""
    try:
        with transaction.atomic():
            Nonce.objects.create(key=key, nonce=nonce, until=until)
    except IntegrityError as error:
        raise ProtocolError("replay", "nonce") from error


def sweep() -> None:
    """Forget the nonces whose signatures are expired anyway."""
    Nonce.objects.filter(until__lt=clock.now()).delete()
