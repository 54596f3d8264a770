"""What the rest of the site asks of the relay.

Only `deliver` is async. The others may be called in any thread and return at once, before a socket feels it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from homevault.protocol.envelope import Envelope
from homevault.protocol.errors import CODES, ProtocolError
from signaling import bus, mailbox, routes, store
from signaling.limits import Addresses, limits
from signaling.registry import registry

DEVICE_LENGTH = 43
sites = Addresses()
CLOSE_CODES = {"not_proven": 4401, "refused": 4403, "too_many": 4429}


async def deliver(raw: bytes, env: Envelope) -> None:
    """Take an envelope of another site for a member or a device here; its sender is proved already.

    Mail is in the mailboxes when this returns, or when it raises `unlisted_device`: the devices of `wraps`
    that the account does not list are then the error's detail, and the others were served. Any other
    ProtocolError refuses it whole. The same envelope again does nothing.
    """
    if not env.mail:
        await routes.live_here(env)
        return
    if env.type == "request" and not sites.use(env.from_.ip).requests.take():
        raise ProtocolError("too_many", "requests")
    put, unlisted = await mailbox.address(env)
    if put.devices and (await mailbox.commit(put)).fresh:
        mailbox.push(put)
    if unlisted:
        raise mailbox.unlisted_error(unlisted)


def push_site(to: str, type: str, fields: Mapping[str, Any]) -> None:
    """Send a live envelope of the site to a device (by its id) or to all connected devices of a member (by
    name)."""
    registry.from_thread(_push_here, to, type, dict(fields))
    bus.push(to, type, dict(fields))


def _push_here(to: str, type: str, fields: Mapping[str, Any]) -> None:
    found = registry.find(to) if len(to) == DEVICE_LENGTH else None
    for connection in [found] if found else registry.of(to):
        connection.tell(type, dict(fields))


def close_device(device: str, code: str | int = "refused") -> None:
    """End a device's socket: a close code, or the error code that says why. Its mail is dropped: this is for
    devices that are listed no longer."""
    number = CLOSE_CODES.get(code, 4403) if isinstance(code, str) else code
    if isinstance(code, str) and code not in CODES:
        raise ValueError(code)
    registry.from_thread(_close_here, device, number)
    bus.close(device, number)


def _close_here(device: str, code: int) -> None:
    connection = registry.find(device)
    if connection is not None:
        connection.close(code)
    asyncio.ensure_future(mailbox.forget_device(device))  # noqa: RUF006


def end_session(username: str, session: str) -> None:
    """Close the sockets that came with a login which has ended (4401), in each process that hears of it."""
    registry.from_thread(registry.end_session, username, session)
    bus.end_session(username, session)


def limit(to: str) -> None:
    """From now on ask the policy (`may_reach`) before anything of a device, or of all connected devices of a
    member, goes to others."""
    registry.from_thread(_limit_here, to)
    bus.limit(to)


def _limit_here(to: str) -> None:
    found = registry.find(to) if len(to) == DEVICE_LENGTH else None
    for connection in [found] if found else registry.of(to):
        connection.limit()


def present() -> set[str]:
    """The devices that have a socket, in this process or another."""
    return {connection.device for connection in list(registry.devices.values())} | bus.devices()


def online(device: str) -> bool:
    """Whether the device has a socket, in this process or another."""
    return registry.find(device) is not None or bus.is_online(device)


def login_online(username: str, session: str) -> bool:
    """Whether a socket that came with this login is open, in this process or another."""
    here = any(connection.session == session for connection in registry.of(username))
    return here or bus.is_login_online(session)


def mailbox_usage(username: str) -> tuple[int, int]:
    """(bytes held, bytes allowed) of a member's mailbox. Reads the database."""
    return store.usage(username), limits().mailbox_bytes
