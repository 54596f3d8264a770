"""Pictures of people elsewhere: which URL their site named last, and where the app finds the copy that this
site makes of it. Nobody's site is asked because somebody looks: only what a lookup or a followed feed brought
is known, a lookup's for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from urllib.parse import urlencode

from django.core.cache import cache

from homevault.protocol.addresses import Address

KEPT_SECONDS = 24 * 3600
_known: list[Callable[[Address], str]] = []


def register(known: Callable[[Address], str]) -> None:
    """Name what knows the picture's URL of an address from followed feeds; empty if it has none."""
    _known[:] = [known]


def remember(address: Address, url: str) -> None:
    """What a lookup has just found."""
    cache.set(_key(address), url, KEPT_SECONDS)


def of(address: Address) -> str:
    """The URL of the picture that somebody elsewhere shows, empty if none is known."""
    found = cache.get(_key(address))
    return str(found) if found else next((url for known in _known if (url := known(address))), "")


def path(address: Address, url: str) -> str | None:
    """Where the app finds the copy; another picture has another path."""
    if not url:
        return None
    version = hashlib.sha256(url.encode()).hexdigest()[:8]
    return f"/api/v1/people/picture?{urlencode({'address': str(address), 'v': version})}"


def _key(address: Address) -> str:
    return "face:" + hashlib.sha256(str(address).encode()).hexdigest()[:32]
