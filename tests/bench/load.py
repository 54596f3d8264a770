"""The load on a relay: pairs of raw sockets, one sends ready-made websocket frames, the other counts bytes.

The same generator drives every server. It never parses what it receives, so that it is not what is measured:
all messages of a run have one length, and so received bytes are messages.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from websockets.speedups import apply_mask

READ = 262_144
STALL_SECONDS = 10.0


class Broken(RuntimeError):
    """A server closed a socket, answered what it should not, or stopped answering."""


@dataclass(eq=False)
class Pair:
    """`messages` of one length go from `sender` to `receiver` over and over; each arrives as `arriving`
    bytes, frame and all."""

    sender: socket.socket
    receiver: socket.socket
    messages: Sequence[bytes]
    arriving: int
    received: int = 0
    sent: int = 0
    frames: bytes = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        framed = [client_frame(message) for message in self.messages]
        self.size = len(framed[0])
        if {len(one) for one in framed} != {self.size}:
            raise ValueError("messages of several lengths")
        self.frames = b"".join(framed * 2)
        self.sender.setblocking(False)
        self.receiver.setblocking(False)

    def send(self, count: int) -> None:
        """Hand `count` messages (at most as many as there are) to the kernel in one piece."""
        start = self.sent % len(self.messages) * self.size
        piece = self.frames[start : start + count * self.size]
        if self.sender.send(piece) != len(piece):
            raise Broken("the kernel took only a part: the window is too large")
        self.sent += count

    def take(self) -> int:
        """How many more messages have arrived whole."""
        before = self.received // self.arriving
        data = self.receiver.recv(READ)
        if not data:
            raise Broken("a receiver was closed")
        self.received += len(data)
        return self.received // self.arriving - before

    def close(self) -> None:
        self.sender.close()
        self.receiver.close()


def client_frame(payload: bytes) -> bytes:
    """A masked text frame."""
    mask = os.urandom(4)
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
    return head + mask + apply_mask(payload, mask)


def watch(pairs: Sequence[Pair]) -> selectors.BaseSelector:
    selector = selectors.EpollSelector()
    for pair in pairs:
        selector.register(pair.receiver, selectors.EVENT_READ, (pair, True))
        selector.register(pair.sender, selectors.EVENT_READ, (pair, False))
    return selector


def overhear(waiting: object) -> None:
    """Read and forget what a socket has to say."""
    assert isinstance(waiting, socket.socket)
    if not waiting.recv(READ):
        raise Broken("a socket was closed")


def refuse(pair: Pair) -> None:
    """What a sender is told; pings and hellos of a few bytes do not matter."""
    try:
        data = pair.sender.recv(READ)
    except ConnectionError as error:
        raise Broken("a sender was cut off") from error
    if not data or len(data) > 64:
        raise Broken(f"a sender was told {data[:300]!r}")


def saturate(pairs: Sequence[Pair], seconds: float, window: int, warm_up: float = 1.0) -> float:
    """Messages/s delivered while every pair has `window` messages under way."""
    selector = watch(pairs)
    for pair in pairs:
        pair.send(window)
    begin = time.perf_counter() + warm_up
    deliver(selector, begin)
    count, begin = 0, time.perf_counter()
    count = deliver(selector, begin + seconds)
    rate = count / (time.perf_counter() - begin)
    drain(selector, pairs)
    return rate


def deliver(selector: selectors.BaseSelector, until: float) -> int:
    """Replace each message that arrives by a new one; how many arrived."""
    count = 0
    while time.perf_counter() < until:
        ready = selector.select(STALL_SECONDS)
        if not ready:
            raise Broken("nothing arrives any more")
        for key, _ in ready:
            pair, receives = key.data
            if not receives:
                refuse(pair)
                continue
            arrived = pair.take()
            if arrived:
                pair.send(arrived)
                count += arrived
    return count


def drain(selector: selectors.BaseSelector, pairs: Sequence[Pair]) -> None:
    """Wait for what is under way: nothing may be lost."""
    while any(pair.received < pair.sent * pair.arriving for pair in pairs):
        ready = selector.select(STALL_SECONDS)
        if not ready:
            lost = sum(pair.sent - pair.received // pair.arriving for pair in pairs)
            raise Broken(f"{lost} messages were lost")
        for key, _ in ready:
            pair, receives = key.data
            pair.take() if receives else refuse(pair)


def latency(pairs: Sequence[Pair], rate: float, seconds: float) -> list[float]:
    """The times in ms from handing a message to the kernel to having it back, at `rate` messages/s over all
    pairs in turn."""
    selector = watch(pairs)
    begin = time.perf_counter()
    times: list[float] = []
    started: dict[Pair, float] = {}
    for number in range(int(rate * seconds)):
        due = begin + number / rate
        while (left := due - time.perf_counter()) > 0:
            times += arrivals(selector, left, started)
        pair = pairs[number % len(pairs)]
        if pair not in started:
            started[pair] = time.perf_counter()
            pair.send(1)
    while started:
        times += arrivals(selector, STALL_SECONDS, started)
    return [each * 1000 for each in times]


def arrivals(selector: selectors.BaseSelector, seconds: float, started: dict[Pair, float]) -> list[float]:
    """Wait that long for something; the times that messages took."""
    ready = selector.select(seconds)
    now = time.perf_counter()
    found = []
    for key, _ in ready:
        pair, receives = key.data
        if not receives:
            refuse(pair)
        elif pair.take():
            found.append(now - started.pop(pair))
    return found
