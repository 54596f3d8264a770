"""Websocket conformance of the site's own framing, by raw sockets against a real server (RFC 6455)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.speedups import apply_mask

from signaling.frames import FrameReader
from tests.server.signaling.world import HOST, Relay

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0
SIZES = (0, 1, 125, 126, 127, 128, 65_535, 65_536)


def framed(
    opcode: int, payload: bytes, fin: bool = True, rsv: int = 0, masked: bool = True, width: int | None = None
) -> bytes:
    """One frame as a client writes it; `width` forces the length field to 0, 2 or 8 bytes."""
    size = len(payload)
    if width is None:
        width = 0 if size < 126 else 2 if size < 65_536 else 8
    short = size if width == 0 else {2: 126, 8: 127}[width]
    head = bytes(((0x80 if fin else 0) | rsv << 4 | opcode, (0x80 if masked else 0) | short))
    head += size.to_bytes(width) if width else b""
    mask = os.urandom(4)
    return head + mask + bytes(apply_mask(payload, mask)) if masked else head + payload


class Raw:
    """A websocket by hand, on an application that echoes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(
            f"GET /echo HTTP/1.1\r\nHost: {HOST}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
        )
        self.headers = b""
        while b"\r\n\r\n" not in self.headers:
            self.headers += self.socket.recv(1)

    def send(self, *frames: bytes) -> None:
        self.socket.sendall(b"".join(frames))

    def drip(self, data: bytes) -> None:
        """One byte a segment."""
        for position in range(len(data)):
            self.socket.send(data[position : position + 1])

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise EOFError(data)
            data += more
        return data

    def next(self) -> tuple[int, bytes]:
        """(opcode, payload) of the next frame, which must be whole and unmasked."""
        first, size = self.exactly(2)
        assert first & 0xF0 == 0x80
        assert size < 128
        if size >= 126:
            size = int.from_bytes(self.exactly({126: 2, 127: 8}[size]))
        return first & 0x0F, self.exactly(size)

    def fails(self, code: int) -> None:
        """The server closes with this code, and then really."""
        opcode, payload = self.next()
        assert (opcode, int.from_bytes(payload[:2])) == (CLOSE, code)
        assert self.socket.recv(1) == b""


@pytest.fixture
def raw(relay: Relay) -> Iterator[Raw]:
    made = Raw(relay.port)
    yield made
    made.socket.close()


def text(size: int) -> bytes:
    return (b"Laterne am Tor. " * 4097)[:size]


def test_compression_is_not_negotiated(raw: Raw) -> None:
    assert raw.headers.startswith(b"HTTP/1.1 101 ")
    assert b"extensions" not in raw.headers.lower()
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in raw.headers


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("size", SIZES)
def test_messages_of_all_sizes_come_whole(raw: Raw, opcode: int, size: int) -> None:
    payload = text(size)
    raw.send(framed(opcode, payload))
    assert raw.next() == (opcode, payload)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 128, 2_000])
def test_messages_come_whole_though_sent_a_byte_at_a_time(raw: Raw, opcode: int, size: int) -> None:
    payload = text(size)
    raw.drip(framed(opcode, payload))
    assert raw.next() == (opcode, payload)


def test_a_large_message_in_odd_pieces(raw: Raw) -> None:
    frame = framed(TEXT, text(65_536))
    for start in range(0, len(frame), 997):
        raw.send(frame[start : start + 997])
    assert raw.next() == (TEXT, text(65_536))


def test_many_messages_in_one_piece_keep_their_order(raw: Raw) -> None:
    payloads = [b"%d " % number * (number % 60) for number in range(500)]
    raw.send(*[framed(TEXT, payload) for payload in payloads])
    for payload in payloads:
        assert raw.next() == (TEXT, payload)


@pytest.mark.parametrize("size", [0, 1, 125])
def test_a_ping_is_answered_by_an_equal_pong(raw: Raw, size: int) -> None:
    raw.send(framed(PING, text(size)))
    assert raw.next() == (PONG, text(size))


def test_ten_pings_are_answered_by_ten_pongs(raw: Raw) -> None:
    raw.send(*[framed(PING, b"%d" % number) for number in range(10)])
    assert [raw.next() for _ in range(10)] == [(PONG, b"%d" % number) for number in range(10)]


def test_a_ping_a_byte_at_a_time(raw: Raw) -> None:
    raw.drip(framed(PING, text(125)))
    assert raw.next() == (PONG, text(125))


def test_a_ping_of_126_bytes_fails(raw: Raw) -> None:
    raw.send(framed(PING, text(126)))
    raw.fails(1002)


def test_an_unsolicited_pong_is_ignored(raw: Raw) -> None:
    raw.send(framed(PONG, b"?"), framed(PONG, b""), framed(TEXT, b"still here"))
    assert raw.next() == (TEXT, b"still here")


def test_fragments_make_one_message_with_pings_between(raw: Raw) -> None:
    raw.send(
        framed(TEXT, b"lan", fin=False),
        framed(PING, b"1"),
        framed(CONTINUATION, b"", fin=False),
        framed(CONTINUATION, b"tern", fin=False),
        framed(PING, b"2"),
        framed(CONTINUATION, b""),
        framed(BINARY, b"", fin=False),
        framed(CONTINUATION, b"x"),
    )
    assert [raw.next() for _ in range(4)] == [(PONG, b"1"), (PONG, b"2"), (TEXT, b"lantern"), (BINARY, b"x")]


def test_a_message_in_fragments_of_one_byte(raw: Raw) -> None:
    payload = text(1_000)
    raw.send(framed(TEXT, payload[:1], fin=False))
    raw.send(*[framed(CONTINUATION, payload[at : at + 1], fin=False) for at in range(1, 999)])
    raw.send(framed(CONTINUATION, payload[999:]))
    assert raw.next() == (TEXT, payload)


def test_utf8_split_between_fragments(raw: Raw) -> None:
    light = "🏮".encode()
    raw.send(framed(TEXT, light[:2], fin=False), framed(CONTINUATION, light[2:]))
    assert raw.next() == (TEXT, light)


@pytest.mark.parametrize(
    "frames",
    [
        [framed(TEXT, b"x", rsv=1)],
        [framed(TEXT, b"x", rsv=4)],
        [framed(PING, b"x", rsv=2)],
        [framed(CLOSE, b"", rsv=1)],
        *[[framed(opcode, b"x")] for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)],
        [framed(CONTINUATION, b"x")],
        [framed(CONTINUATION, b"x", fin=False)],
        [framed(TEXT, b"x", fin=False), framed(TEXT, b"y")],
        [framed(TEXT, b"x", fin=False), framed(BINARY, b"y")],
        [framed(PING, b"x", fin=False)],
        [framed(TEXT, b"x", masked=False)],
        [framed(TEXT, b"x", width=2)],
        [framed(TEXT, b"x", width=8)],
        [framed(TEXT, text(126), width=8)],
        [b"\x81\xff" + b"\xff" * 8],
    ],
)
def test_what_the_protocol_forbids_fails(raw: Raw, frames: list[bytes]) -> None:
    raw.send(framed(TEXT, b"before"))
    assert raw.next() == (TEXT, b"before")
    raw.send(*frames)
    raw.fails(1002)


@pytest.mark.parametrize(
    "payload", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"good \xf0\x9f\x8f"]
)
@pytest.mark.parametrize("whole", [True, False])
def test_text_that_is_not_utf8_fails(raw: Raw, payload: bytes, whole: bool) -> None:
    if whole:
        raw.send(framed(TEXT, payload))
    else:
        raw.send(framed(TEXT, payload[:1], fin=False), framed(CONTINUATION, payload[1:]))
    raw.fails(1007)


@pytest.mark.parametrize(
    "frames",
    [
        [framed(TEXT, text(65_537))],
        [b"\x81\xff" + (1 << 40).to_bytes(8)],
        [framed(BINARY, text(40_000), fin=False), framed(CONTINUATION, text(40_000))],
    ],
)
def test_what_is_too_large_fails_before_it_is_there(raw: Raw, frames: list[bytes]) -> None:
    raw.send(*frames)
    raw.fails(4413)


@pytest.mark.parametrize(
    "code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
)
def test_a_close_is_answered_in_kind(raw: Raw, code: int) -> None:
    raw.send(framed(CLOSE, code.to_bytes(2) + "bis später".encode()))
    raw.fails(code)


def test_a_close_without_a_code_is_answered_without_one(raw: Raw) -> None:
    raw.send(framed(CLOSE, b""))
    assert raw.next() == (CLOSE, b"")
    assert raw.socket.recv(1) == b""


def test_a_reason_may_fill_the_frame(raw: Raw) -> None:
    raw.send(framed(CLOSE, (1000).to_bytes(2) + text(123)))
    raw.fails(1000)


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535])
def test_close_codes_that_nobody_may_send_fail(raw: Raw, code: int) -> None:
    raw.send(framed(CLOSE, code.to_bytes(2)))
    raw.fails(1002)


def test_a_close_of_one_byte_fails(raw: Raw) -> None:
    raw.send(framed(CLOSE, b"\x03"))
    raw.fails(1002)


def test_a_close_of_126_bytes_fails(raw: Raw) -> None:
    raw.send(framed(CLOSE, (1000).to_bytes(2) + text(124)))
    raw.fails(1002)


def test_a_reason_that_is_not_utf8_fails(raw: Raw) -> None:
    raw.send(framed(CLOSE, (1000).to_bytes(2) + b"\xce\xba\xe1\xbd\xb9\xcf\x83\xff"))
    raw.fails(1007)


def test_nothing_counts_after_a_close(raw: Raw) -> None:
    raw.send(framed(CLOSE, (1000).to_bytes(2)), framed(TEXT, b"late"), framed(PING, b"late"))
    raw.fails(1000)


def test_control_frames_by_the_thousand(raw: Raw) -> None:
    raw.send(*[framed(PONG, b"") for _ in range(20_000)], framed(TEXT, b"still here"))
    assert raw.next() == (TEXT, b"still here")


@given(
    st.lists(st.tuples(st.sampled_from([TEXT, BINARY, PING]), st.sampled_from((0, 1, 7, 125, 126, 300)))),
    st.data(),
)
def test_where_the_reads_fall_makes_no_difference(
    messages: list[tuple[int, int]], data: st.DataObject
) -> None:
    sent = [(opcode, text(min(size, 125) if opcode == PING else size)) for opcode, size in messages]
    stream = b"".join(framed(opcode, payload) for opcode, payload in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    found: list[tuple[int, bytes]] = []
    reader = FrameReader(
        lambda payload: found.append((TEXT, payload)),
        lambda payload: found.append((BINARY, payload)),
        lambda opcode, payload: found.append((opcode, payload)),
        65_536,
    )
    for start, stop in pairwise([0, *cuts, len(stream)]):
        if start != stop:
            reader.feed(stream[start:stop])
    assert found == sent
