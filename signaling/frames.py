"""Websocket frames as a server reads and writes them: RFC 6455 without extensions, no sockets.

`FrameReader` takes bytes as they come and calls back with whole messages. Whole unfragmented text, which is
nearly everything, takes a short way; all else goes one frame at a time through the strict one. What breaks
the rules raises `FrameError` with the close code to send; after that the stream means nothing any more.

At most one message of `limit` bytes and the rest of one read are kept.
"""

from __future__ import annotations

from collections.abc import Callable

try:
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PROTOCOL_ERROR, BAD_UTF8, TOO_LARGE = 1002, 1007, 4413
NO_STATUS = 1005

Deliver = Callable[[bytes], None]
Control = Callable[[int, bytes], None]


class FrameError(Exception):
    """The peer broke the framing rules; `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class FrameReader:
    """`text` and `binary` take whole messages, `control` takes (opcode, payload). `text` gets valid UTF-8."""

    __slots__ = ("_binary", "_control", "_limit", "_opcode", "_parts", "_rest", "_wanted", "text")

    def __init__(self, text: Deliver, binary: Deliver, control: Control, limit: int) -> None:
        self.text = text
        self._binary = binary
        self._control = control
        self._limit = limit
        self._rest = bytearray()
        self._wanted = 0
        self._opcode = 0
        self._parts = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what came; raises FrameError."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._wanted:
                return
            data = bytes(self._rest)
            self._rest.clear()
        at, end = 0, len(data)
        while at < end:
            at = self._plainly(data, at, end)
            if at < end:
                at = self._strictly(data, at, end)

    def _plainly(self, data: bytes, at: int, end: int) -> int:
        """Whole text messages for as long as they stand one after the other; where the next begins."""
        if self._opcode:
            return at
        while end - at >= 8 and data[at] == 0x81:
            size = data[at + 1]
            if size == 0xFE:
                size = data[at + 2] << 8 | data[at + 3]
                start = at + 8
                plain = 126 <= size <= self._limit
            else:
                size -= 0x80
                start = at + 6
                plain = 0 <= size < 126
            stop = start + size
            if not plain or stop > end:
                break
            payload = apply_mask(data[start:stop], data[start - 4 : start])
            if not payload.isascii():
                check_utf8(payload)
            at = stop
            self.text(payload)
        return at

    def _strictly(self, data: bytes, at: int, end: int) -> int:
        """One frame by all rules; where the next begins. An incomplete one is kept."""
        head = header(data, at, end)
        if head is None:
            return self._keep(data, at, end, 2)
        first, start, size = head
        opcode, final = first & 0x0F, bool(first & 0x80)
        self._check(first, opcode, final, size)
        stop = start + size
        if stop > end:
            return self._keep(data, at, end, stop - at)
        self._take(opcode, final, apply_mask(data[start:stop], data[start - 4 : start]))
        return stop

    def _keep(self, data: bytes, at: int, end: int, wanted: int) -> int:
        self._rest += data[at:]
        self._wanted = wanted
        return end

    def _check(self, first: int, opcode: int, final: bool, size: int) -> None:
        if first & 0x70:
            raise FrameError(PROTOCOL_ERROR, "reserved bits")
        if opcode >= CLOSE:
            if opcode > PONG or not final or size > 125:
                raise FrameError(PROTOCOL_ERROR, "control frame")
            return
        if opcode > BINARY or (opcode == 0) != (self._opcode != 0):
            raise FrameError(PROTOCOL_ERROR, "opcode")
        if len(self._parts) + size > self._limit:
            raise FrameError(TOO_LARGE, "too large")

    def _take(self, opcode: int, final: bool, payload: bytes) -> None:
        if opcode >= CLOSE:
            self._control(opcode, payload)
            return
        self._opcode = opcode or self._opcode
        if not final:
            self._parts += payload
            return
        whole = bytes(self._parts + payload) if self._parts else payload
        opcode, self._opcode = self._opcode, 0
        self._parts.clear()
        self._deliver(opcode, whole)

    def _deliver(self, opcode: int, whole: bytes) -> None:
        if opcode == BINARY:
            self._binary(whole)
        else:
            check_utf8(whole)
            self.text(whole)


def header(data: bytes, at: int, end: int) -> tuple[int, int, int] | None:
    """(first byte, where the payload starts, its size) of the frame at `at`; None while it is incomplete."""
    if end - at < 2:
        return None
    masked, size, start = data[at + 1] & 0x80, data[at + 1] & 0x7F, at + 2
    if not masked:
        raise FrameError(PROTOCOL_ERROR, "not masked")
    width = {126: 2, 127: 8}.get(size, 0)
    if end - start < width:
        return None
    if width:
        size = int.from_bytes(data[start : start + width])
        if size < (126 if width == 2 else 65_536) or size >> 63:
            raise FrameError(PROTOCOL_ERROR, "length")
    return data[at], start + width + 4, size


def check_utf8(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise FrameError(BAD_UTF8, "not UTF-8") from error


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole unmasked frame."""
    return frame_header(0x80 | opcode, len(payload)) + payload


def frame_header(first: int, size: int) -> bytes:
    if size < 126:
        return bytes((first, size))
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2)
    return bytes((first, 127)) + size.to_bytes(8)


def read_close(payload: bytes) -> tuple[int, str]:
    """(code, reason) of a close frame; 1005 when it has none. FrameError for one that nobody may send."""
    if not payload:
        return NO_STATUS, ""
    code = int.from_bytes(payload[:2])
    sendable = 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
    if len(payload) < 2 or not sendable:
        raise FrameError(PROTOCOL_ERROR, "close code")
    check_utf8(payload[2:])
    return code, payload[2:].decode()


def close_payload(code: int, reason: str = "") -> bytes:
    return code.to_bytes(2) + reason.encode()[:123]
