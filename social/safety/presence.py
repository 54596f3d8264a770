"""Who is on the site now, for moderators: by label and handle, never by key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings

from homevault.protocol.encoding import b64encode
from signaling import relay
from social.accounts.models import Device, User, Visitor
from social.people import profiles
from social.safety.errors import Unsafe

MOST = 500
AT_ONCE = 400
CODE_LENGTH = 4
VAULT = "vault"


@dataclass(frozen=True, slots=True)
class Present:
    """A connected device. `handle` names it to this site only; `prefix` is set for visitors."""

    handle: str
    username: str
    device: str
    kind: str
    name: str
    prefix: str = ""

    @property
    def label(self) -> str:
        return f"Visitor {self.name}" if self.kind == "visitor" else self.name

    @property
    def logged(self) -> str:
        """In the moderators' log: nobody can choose it, and it goes with the account."""
        return self.label if self.kind == "visitor" else self.username


def handle_of(device: str) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"presence:{device}".encode(), hashlib.sha256)
    return b64encode(digest[:16])


def online() -> list[Present]:
    """The browsers that are connected now, visitors last; MOST at most."""
    return list(islice(_rows(sorted(relay.present())), MOST))


def find(handle: str) -> Present:
    """The connected device of a handle. Raises Unsafe `not_online`."""
    for device in relay.present():
        if hmac.compare_digest(handle_of(device).encode(), handle.encode()):
            found = next(_rows([device]), None)
            if found is not None:
                return found
    raise Unsafe("not_online")


def member(username: str) -> Present:
    """A member, connected or not, as the target of a block. Raises Unsafe `not_online`."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Unsafe("not_online")
    return Present("", user.username, "", "member", profiles.of(user).name)


def _rows(devices: list[str]) -> Iterator[Present]:
    parts = [devices[start : start + AT_ONCE] for start in range(0, len(devices), AT_ONCE)]
    for part in parts:
        rows = Device.objects.filter(device__in=part).exclude(role=VAULT).select_related("user")
        for row in rows.order_by("user__username", "id"):
            name = profiles.of(row.user).name
            yield Present(handle_of(row.device), row.user.username, row.device, "member", name)
    for part in parts:
        for visitor in Visitor.objects.filter(device__in=part).order_by("made", "id"):
            handle = handle_of(visitor.device)
            name = handle[:CODE_LENGTH].upper()
            yield Present(handle, visitor.username, visitor.device, "visitor", name, visitor.prefix)
