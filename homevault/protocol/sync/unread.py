"""Frames that came and were not read yet, while a batch is being taken: bounded (SPEC 10.3)."""

from collections import deque

from homevault.protocol.errors import ProtocolError

MAX_BYTES = 10_485_760
MAX_FRAMES = 2_000


class Unread:
    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._bytes = 0

    def push(self, frame: bytes) -> None:
        """`too_many` if more comes than is taken."""
        self._frames.append(frame)
        self._bytes += len(frame)
        if self._bytes > MAX_BYTES or len(self._frames) > MAX_FRAMES:
            raise ProtocolError("too_many", "frames")

    def pop(self) -> bytes | None:
        """The next one, if there is one."""
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        return frame

    def clear(self) -> None:
        self._frames.clear()
        self._bytes = 0
