"""What a connected device has yet to ack: its mail is pushed oldest first, a window of it at a time.

At most `window_messages` or `window_bytes` are under way; an ack makes room for more. While the device
keeps up, mail goes from the commit straight to the socket; once the window is full it is read from the
mailbox again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from signaling import answers, store, threads
from signaling.limits import limits

if TYPE_CHECKING:
    from signaling.connection import Connection


class Inbox:
    __slots__ = ("_bytes", "_connection", "_more", "_reading", "_under_way")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._under_way: dict[str, int] = {}
        self._bytes = 0
        self._more = False
        self._reading: asyncio.Task[None] | None = None

    def look(self) -> None:
        """There is mail in the mailbox, or may be."""
        self._more = True
        if self._reading is None and self._has_room() and not self._connection.closing:
            self._reading = asyncio.ensure_future(self._read())

    def offer(self, hash: str, raw: bytes) -> None:
        """This mail was committed just now."""
        if self._more or self._reading is not None or not self._has_room():
            self.look()
        else:
            self._push(hash, raw)

    def acked(self, hashes: Iterable[str]) -> None:
        """These left the mailbox."""
        for hash in hashes:
            self._bytes -= self._under_way.pop(hash, 0)
        if self._more:
            self.look()

    def _has_room(self) -> bool:
        found = limits()
        return len(self._under_way) < found.window_messages and self._bytes < found.window_bytes

    def _push(self, hash: str, raw: bytes) -> None:
        if hash in self._under_way or self._connection.closing:
            return
        self._under_way[hash] = len(raw)
        self._bytes += len(raw)
        self._connection.write(raw)

    async def _read(self) -> None:
        """Read and push until the window is full or nothing is left."""
        try:
            while self._more and self._has_room() and not self._connection.closing:
                self._more = False
                room = limits().window_messages - len(self._under_way)
                device, skip = self._connection.device, list(self._under_way)
                found = await threads.run(store.waiting, device, skip, room)
                for hash, raw in found:
                    if not self._has_room():
                        break
                    self._push(hash, raw)
                self._more = self._more or len(found) == room or not self._has_room()
        except Exception as error:
            answers.problem_of(error)
            self._more = True
        finally:
            self._reading = None
