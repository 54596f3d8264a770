"""The reference relay: the server of npm's `peer`, with messages as long as ours."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import machine
from tests.bench.load import Pair

PACKAGES = Path(__file__).parent / "peer"
BURST = 64


@dataclass
class PeerServer:
    """A running PeerJS server."""

    port: int
    child: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.child.pid

    def connect(self, name: str) -> socket.socket:
        path = f"/peerjs?key=peerjs&id={name}&token={name}&version=1.5.4"
        return open_websocket(self.port, path, len(b'{"type":"OPEN"}') + 2)

    def pairs(self, count: int, length: int) -> list[Pair]:
        """`count` connected pairs whose messages have `length` bytes."""
        return [self.pair(f"a{number:03}", f"b{number:03}", length) for number in range(count)]

    def pair(self, sender: str, receiver: str, length: int) -> Pair:
        messages = [peer_message(sender, receiver, length) for _ in range(BURST)]
        return Pair(self.connect(sender), self.connect(receiver), messages, length + 4)


def peer_message(sender: str, receiver: str, length: int) -> bytes:
    """As `JSON.stringify` writes it with `src` set, so that it leaves the server as long as it came."""
    message = {"type": "OFFER", "src": sender, "dst": receiver, "payload": {"sealed": ""}}
    bare = len(json.dumps(message, separators=(",", ":")))
    filling = base64.urlsafe_b64encode(os.urandom(length)).decode()[: length - bare]
    message["payload"] = {"sealed": filling}
    return json.dumps(message, separators=(",", ":")).encode()


@contextmanager
def peer_server() -> Iterator[PeerServer]:
    """A server of its own, pinned to the servers' core."""
    node, folder = machine.node_packages(PACKAGES)
    port = machine.free_port()
    script = str(folder / "node_modules" / "peer" / "dist" / "bin" / "peerjs.js")
    command = [node, script, "--port", str(port), "--host", "127.0.0.1"]
    with machine.process(command, log=machine.BUILD / "peer.log") as child:
        machine.wait_port(port, child)
        yield PeerServer(port, child)


def open_websocket(
    port: int, path: str, greeting: int, host: str = "127.0.0.1", also: str = ""
) -> socket.socket:
    """A socket after the websocket opening and `greeting` bytes of the server's first frames; `also` are
    header lines."""
    opened = socket.create_connection(("127.0.0.1", port), timeout=60)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    opened.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{also}\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += opened.recv(1)
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise RuntimeError(answer.decode(errors="replace"))
    while greeting:
        greeting -= len(opened.recv(greeting))
    return opened
