"""What moderators say, live: to one device, to all visitors, to all members, or to everybody who is here."""

from __future__ import annotations

from django.db import transaction

from signaling import relay
from social.accounts.models import User
from social.safety import log, presence

AUDIENCES = ("visitors", "members", "everybody")
LONGEST = 1_000
KIND_OF = {"visitors": ("visitor",), "members": ("member",), "everybody": ("visitor", "member")}


def to_device(by: User, handle: str, text: str) -> int:
    """Shown on that device only. Raises Unsafe `not_online`."""
    target = presence.find(handle)
    _say(by, [target.device], target.logged, text)
    return 1


def to_all(by: User, audience: str, text: str) -> int:
    """To everybody of an audience who is connected; how many devices that are."""
    devices = [one.device for one in presence.online() if one.kind in KIND_OF[audience]]
    _say(by, devices, audience, text)
    return len(devices)


def _say(by: User, devices: list[str], target: str, text: str) -> None:
    with transaction.atomic():
        log.record(by, "notice", target, text=text, devices=len(devices))

        def tell() -> None:
            for device in devices:
                relay.push_site(device, "notice", {"text": text})

        transaction.on_commit(tell)
