"""A mail server on a free port of this machine that keeps what it is given."""

from __future__ import annotations

import queue
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

SECONDS = 20.0


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP as far as sending one mail needs it. `refuse` is what it answers to each recipient, if anything;
    `seen` are the recipients that it was named."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.got: queue.Queue[EmailMessage] = queue.Queue()
        self.refuse = ""
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}/?from=porch@example.org"

    def next(self) -> EmailMessage:
        return self.got.get(timeout=SECONDS)


class Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.take()
            elif word == b"RCPT":
                self.server.seen.append(line.decode().strip().partition(":")[2].strip("<>"))
                self.say(self.server.refuse or "250 yes")
            elif word == b"QUIT":
                self.say("221 bye")
                break
            else:
                self.say("250 yes")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.got.put(cast(EmailMessage, found))
        self.say("250 kept")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def running() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
