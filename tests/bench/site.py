"""A site of ours for the bench: `manage.py serve` as people run it, with members and vaults to speak as.

Vaults are used because they dial in as any device does but need no browser's session. The rate limits are on;
only their numbers are raised, since here two hundred devices speak from one address as fast as they can.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.processes import bind_address
from homevault.protocol.addresses import Address
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import make_envelope
from homevault.protocol.handshake import ClientHandshake
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import SystemClock, SystemRandom
from tests.bench import load, machine
from tests.bench.load import Pair, client_frame
from tests.bench.peerjs import BURST, open_websocket

HOST = "localhost"
QUIET_SECONDS = 3.0  # longer than a site waits before it tells its members who came or went
RANDOM, CLOCK = SystemRandom(), SystemClock()
NO_HINDRANCE = {
    "socket_message_rate": 10**7,
    "socket_message_burst": 10**7,
    "socket_byte_rate": 10**10,
    "socket_byte_burst": 10**10,
    "address_message_rate": 10**7,
    "address_message_burst": 10**7,
    "address_byte_rate": 10**10,
    "address_byte_burst": 10**10,
    "address_sockets": 1000,
}


@dataclass
class Vault:
    """A device of a member here."""

    username: str
    key: SignKey


@dataclass
class BenchSite:
    """A site in `folder`, answering at `port` once it is started; `seed` gives it members."""

    folder: Path
    port: int = field(default_factory=machine.free_port)
    host: str = HOST
    child: subprocess.Popen[bytes] | None = None
    vaults: list[Vault] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        limits = ",".join(f"{name}={number}" for name, number in NO_HINDRANCE.items())
        return {
            "PORCHLIGHT_DATA": str(self.folder),
            "PORCHLIGHT_HOST": self.host,
            "PORCHLIGHT_PORT": str(self.port),
            "PORCHLIGHT_SCHEME": "http",
            "PORCHLIGHT_BIND": bind_address(self.host),
            "PORCHLIGHT_RELAY_LIMITS": limits,
            "DATABASE_URL": "",
            "REDIS_URL": "",
            **self.extra,
        }

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    def prepare(self) -> None:
        self.run("manage.py", "migrate", "--verbosity", "0")

    def seed(self, devices: int) -> None:
        """Enrol members with `devices` vaults between them."""
        made = json.loads(self.run("-m", "tests.bench.members", str(devices)))
        self.vaults = [Vault(name, SignKey.from_seed(bytes.fromhex(seed))) for name, seed in made]

    def run(self, *arguments: str) -> str:
        """Run Python in the site's environment, to the end; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=machine.ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    @contextmanager
    def serving(self, *program: str, core: int = machine.SERVER_CORE) -> Iterator[BenchSite]:
        """The site, started, on the servers' core or another; by another program than `manage.py serve` if
        one is given."""
        command = [sys.executable, *(program or ("manage.py", "serve"))]
        log = machine.BUILD / f"{self.folder.name}.log"
        with machine.process(command, log=log, environment=self.environment, core=core) as self.child:
            machine.wait_port(self.port, self.child, bind_address(self.host))
            yield self

    def address(self, vault: Vault) -> Address:
        return Address.make(self.host, self.port, vault.username)

    def connect(self, vault: Vault, cookie: str = "") -> socket.socket:
        """A socket that proved to be this device, after `welcome`; browsers have a cookie."""
        also = f"Origin: {self.origin}\r\nCookie: {cookie}\r\n" if cookie else ""
        opened = open_websocket(self.port, "/signaling/socket", 0, host=self.host, also=also)
        shake = ClientHandshake(vault.key, "device", self.address(vault), self.origin, RANDOM)
        opened.sendall(client_frame(shake.start()))
        while shake.welcome is None:
            answer = shake.receive(read_text(opened))
            if answer is not None:
                opened.sendall(client_frame(answer))
        return opened

    def pairs(self, count: int, length: int) -> list[Pair]:
        """`count` connected pairs whose envelopes have `length` bytes, once everybody has been told that they
        came."""
        couples = [self.vaults[2 * number : 2 * number + 2] for number in range(count)]
        messages = [[self.live(*couple, length) for _ in range(BURST)] for couple in couples]
        made = [
            Pair(self.connect(sender), self.connect(receiver), some, length + 4)
            for (sender, receiver), some in zip(couples, messages, strict=True)
        ]
        with load.watch(made) as selector:
            while waiting := selector.select(QUIET_SECONDS):
                for key, _ in waiting:
                    load.overhear(key.fileobj)
        return made

    def live(self, sender: Vault, receiver: Vault, length: int) -> bytes:
        """A canonical live envelope of exactly so many bytes: `typing`, or `error` where that is too long."""
        for make in (self._typing, self._error):
            left = length - len(make(sender, receiver, 0))
            if left >= 0:
                envelope = make(sender, receiver, left)
                assert len(envelope) == length, (len(envelope), length)
                return envelope
        raise ValueError(f"no live envelope has {length} bytes")

    def mail(self, sender: Vault, receiver: Vault) -> bytes:
        """A letter of usual size for one device."""
        key = DhKey.generate(RANDOM).public
        keys = {"dh": key, "ephemeral": key, "prekey": key, "one_time": None}
        wraps = {receiver.key.public: {"suite": "SE1", "box": b64encode(RANDOM.bytes(272)), **keys}}
        fields = {"suite": "SE1", "body": b64encode(RANDOM.bytes(552)), "wraps": wraps}
        return self._envelope(sender, receiver, "mail", fields, 3_600, to_device=None)

    def _typing(self, sender: Vault, receiver: Vault, filling: int) -> bytes:
        """Base64 is never 4n + 1 long: there a life of three digits takes the odd byte."""
        odd = filling % 4 == 1
        box = b64encode(RANDOM.bytes((filling - odd) * 3 // 4))
        key = DhKey.generate(RANDOM).public
        keys = {"dh": key, "ephemeral": key, "prekey": key, "one_time": None}
        fields = {"suite": "SE1", "sealed": {"suite": "SE1", "box": box, **keys}}
        return self._envelope(sender, receiver, "typing", fields, 600 if odd else 60)

    def _error(self, sender: Vault, receiver: Vault, filling: int) -> bytes:
        text = b64encode(RANDOM.bytes(filling))[:filling]
        return self._envelope(sender, receiver, "error", {"ref": None, "code": "busy", "message": text}, 60)

    def _envelope(
        self,
        sender: Vault,
        receiver: Vault,
        type: str,
        fields: dict[str, Any],
        ttl: int,
        to_device: str | None = "",
    ) -> bytes:
        """To the receiver's device unless told otherwise."""
        device = receiver.key.public if to_device == "" else to_device
        mine, to, key = self.address(sender), self.address(receiver), sender.key
        return make_envelope(mine, to, type, fields, key, key.public, device, CLOCK.now(), ttl, RANDOM).raw


def read_text(opened: socket.socket) -> bytes:
    """The next text frame's payload, from a socket that sends little."""
    head = exactly(opened, 2)
    size = head[1] & 0x7F
    if size == 126:
        size = int.from_bytes(exactly(opened, 2))
    payload = exactly(opened, size)
    if head[0] != 0x81:
        raise RuntimeError(f"closed: {payload!r}")
    return payload


def exactly(opened: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = opened.recv(count - len(data))
        if not more:
            raise RuntimeError("the site hung up")
        data += more
    return data


@contextmanager
def bench_site(name: str, devices: int = 0) -> Iterator[BenchSite]:
    """A fresh site, serving."""
    site = BenchSite(machine.fresh_folder(name))
    site.prepare()
    if devices:
        site.seed(devices)
    with site.serving():
        yield site
