"""A mail server on a free port of this machine that keeps what it is given."""

from __future__ import annotations

import queue
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

SECONDS = 20.0


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP as far as sending one mail needs it. `refuse` is what it answers to each recipient, if anything;
    `seen` are the recipients that it was named. With `tls` it takes mail only over TLS and from who logs in
    as `login`, a name and a password: at once if `implicit`, else after STARTTLS. `logins` are the tries."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        login: tuple[str, str] = ("porch", "a mail password"),
    ) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.tls, self.implicit, self.login = tls, implicit, login
        self.logins: list[tuple[str, str]] = []
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

    def setup(self) -> None:
        self.secure = self.allowed = self.server.tls is None
        if self.server.implicit:
            self.wrap()
        super().setup()

    def wrap(self) -> None:
        assert self.server.tls is not None
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.secure = True

    def handle(self) -> None:
        with suppress(OSError):  # a client that does not trust us hangs up
            self.talk()

    def talk(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.take()
            elif word == b"EHLO":
                self.say("250-here", "250 AUTH PLAIN" if self.secure else "250 STARTTLS")
            elif word == b"STAR":
                self.say("220 go on")
                self.wrap()
                super().setup()
            elif word == b"AUTH":
                self.judge(line)
            elif not self.allowed and word in (b"MAIL", b"RCPT"):
                self.say("530 not so")
            elif word == b"RCPT":
                self.server.seen.append(line.decode().strip().partition(":")[2].strip("<>"))
                self.say(self.server.refuse or "250 yes")
            elif word == b"QUIT":
                self.say("221 bye")
                break
            else:
                self.say("250 yes")

    def judge(self, line: bytes) -> None:
        _, name, password = b64decode(line.split()[2]).decode().split("\0")
        self.server.logins.append((name, password))
        self.allowed = self.secure and (name, password) == self.server.login
        self.say("235 welcome" if self.allowed else "535 no")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.got.put(cast(EmailMessage, found))
        self.say("250 kept")

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def running(**options: Any) -> Iterator[MailServer]:
    with MailServer(**options) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
