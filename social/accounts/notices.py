"""Tells a member's devices that something changed, through the relay. Only hints: devices then come and
look."""

from __future__ import annotations

from collections.abc import Iterable

from signaling import relay
from social.accounts import directory


def devices_changed(username: str, dropped: Iterable[str] = ()) -> None:
    """The device list changed; sockets of devices that left it are closed."""
    directory.forget(username)
    for device in dropped:
        relay.close_device(device, "refused")
    relay.push_site(username, "changed", {"topic": "devices"})


def device_ready(username: str) -> None:
    """A device can be sealed to for the first time: what the others owe it may go."""
    relay.push_site(username, "changed", {"topic": "devices"})


def prekeys_wanted(device: str) -> None:
    relay.push_site(device, "changed", {"topic": "prekeys"})
