"""The devices connected to this process, and how to reach one: here, or by a word to the other processes.

One device has one connection; a newer one replaces it. The loop is the one that serves the sockets; other
threads come in through `from_thread`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signaling.connection import Connection

CLOSE_NOT_PROVEN = 4401
CLOSE_REFUSED = 4403
CLOSE_REPLACED = 4409


class Registry:
    def __init__(self) -> None:
        self.devices: dict[bytes, Connection] = {}
        self.members: dict[str, set[Connection]] = {}
        self.sockets = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    def find(self, device: str) -> Connection | None:
        return self.devices.get(device.encode())

    def of(self, username: str) -> list[Connection]:
        """The connected devices of a member."""
        return list(self.members.get(username, ()))

    def join(self, connection: Connection) -> None:
        """The newest connection of its device; the one before is closed."""
        before = self.devices.get(connection.device_bytes)
        if before is not None:
            self.leave(before)
            before.close(CLOSE_REPLACED)
        self.devices[connection.device_bytes] = connection
        self.members.setdefault(connection.username, set()).add(connection)

    def leave(self, connection: Connection) -> None:
        if self.devices.get(connection.device_bytes) is connection:
            del self.devices[connection.device_bytes]
        of_member = self.members.get(connection.username)
        if of_member is not None:
            of_member.discard(connection)
            if not of_member:
                del self.members[connection.username]

    def sessions(self) -> set[str]:
        """The logins that devices connected here came with."""
        return {connection.session for connection in self.devices.values() if connection.session}

    def without_login(self) -> set[str]:
        """The devices connected here that came with none: vaults and visitors."""
        return {connection.device for connection in self.devices.values() if not connection.session}

    def end_devices(self, devices: Collection[str]) -> None:
        """Close what any of these devices has open."""
        for device in devices:
            connection = self.find(device)
            if connection is not None:
                connection.close(CLOSE_REFUSED)

    def end_session(self, username: str, session: str) -> None:
        """Close what came with this login."""
        for connection in self.of(username):
            if connection.session == session:
                connection.close(CLOSE_NOT_PROVEN)

    def end_sessions(self, sessions: Collection[str]) -> None:
        """Close what came with any of these logins."""
        for connection in list(self.devices.values()):
            if connection.session in sessions:
                connection.close(CLOSE_NOT_PROVEN)

    def from_thread(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Run it on the sockets' loop, soon; nothing happens in a process without sockets."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(call, *arguments)


registry = Registry()
