"""A relay in a process of its own, and devices that speak to it through real websockets."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from homevault.protocol.addresses import Address
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import Envelope, envelope_hash, make_envelope, read_envelope, verify_envelope
from homevault.protocol.handshake import ClientHandshake
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import SystemClock, SystemRandom

ROOT = Path(__file__).resolve().parents[3]
HOST = "localhost"
DEADLINE = 10.0
RANDOM, CLOCK = SystemRandom(), SystemClock()
DH = DhKey.generate(RANDOM).public
BOX = {"suite": "SE1", "dh": DH, "ephemeral": DH, "prekey": DH, "one_time": None, "box": "AAAA"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Relay:
    """A site that is nothing but a relay; `members` lists who lives there."""

    folder: Path
    server: str = "uvicorn"
    limits: dict[str, int] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    key: SignKey = field(default_factory=lambda: SignKey.generate(RANDOM))
    process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "seed").write_text(self.key.seed.hex())
        self._write_members()
        if "DATABASE_URL" in self.extra:
            self.migrate()
        else:
            shutil.copy(migrated(), self.folder)

    def migrate(self) -> None:
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.server.signaling.settings",
            "PYTHONPATH": str(ROOT),
            "RELAY_DATA": str(self.folder),
            "RELAY_PORT": str(self.port),
            "RELAY_LIMITS": json.dumps(self.limits),
            **self.extra,
        }

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.server.signaling.asgi", self.server, str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while not self._listens():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _write_members(self) -> None:
        draft = self.folder / "members.draft"
        draft.write_text(json.dumps(self.members))
        draft.replace(self.folder / "members.json")

    @property
    def address(self) -> Address:
        return Address.make(HOST, self.port)

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    def device(self, username: str, role: str = "root") -> Device:
        """A new listed device of a member, not yet connected."""
        made = Device(self, username)
        self.members.setdefault(username, {})[made.id] = role
        self._write_members()
        return made

    def unlist(self, device: Device) -> None:
        del self.members[device.username][device.id]
        self._write_members()

    async def call(self, name: str, *arguments: str) -> str:
        """A function of `signaling.relay`, as the rest of a site would call it."""
        url = f"http://127.0.0.1:{self.port}/call/{name}/{'/'.join(arguments)}"

        def get() -> str:
            with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
                return str(answer.read().decode())

        return await asyncio.to_thread(get)

    async def deliver(self, env: Envelope) -> str:
        """Hand it an envelope of another site; the refusal, or nothing."""
        url = f"http://127.0.0.1:{self.port}/call/deliver"

        def post() -> str:
            with urllib.request.urlopen(url, env.raw, timeout=DEADLINE) as answer:
                return str(answer.read().decode())

        return await asyncio.to_thread(post)

    def forwarded(self) -> list[bytes]:
        """What was handed on for other sites."""
        path = self.folder / "forwarded"
        return path.read_bytes().splitlines() if path.exists() else []

    async def dial(self, path: str = "/signaling/socket", **options: Any) -> ClientConnection:
        """A bare websocket."""
        settings = {"compression": None, "max_size": None, "proxy": None, "close_timeout": 1, **options}
        url = f"ws://{HOST}:{self.port}{path}"
        return await connect(url, host="127.0.0.1", **settings)


@dataclass
class Device:
    """A device with its key. `envelope` makes what it says, `connect` its socket."""

    relay: Relay
    username: str
    key: SignKey = field(default_factory=lambda: SignKey.generate(RANDOM))
    site: tuple[str, int] | None = None
    """Another site that it lives at; None is `relay`."""

    @property
    def id(self) -> str:
        return self.key.public

    @property
    def address(self) -> Address:
        return Address.make(*(self.site or (HOST, self.relay.port)), self.username)

    def envelope(
        self,
        type: str,
        to: Address,
        fields: dict[str, Any],
        to_device: str | None = None,
        ttl: int = 3600,
        now: int | None = None,
        id: str | None = None,
        from_: Address | None = None,
    ) -> Envelope:
        return make_envelope(
            from_ or self.address,
            to,
            type,
            fields,
            self.key,
            self.id,
            to_device,
            now or CLOCK.now(),
            ttl,
            RANDOM,
            id,
        )

    def typing(self, to: Device, **options: Any) -> Envelope:
        fields = {"suite": "SE1", "sealed": BOX}
        return self.envelope("typing", to.address, fields, to_device=to.id, **options)

    def mail(self, *to: Device, type: str = "mail", size: int = 30, **options: Any) -> Envelope:
        """Mail for these devices of one member."""
        wraps = {device.id: BOX for device in to}
        fields = {"suite": "SE1", "body": b64encode(RANDOM.bytes(size)), "wraps": wraps}
        return self.envelope(type, options.pop("address", to[0].address), fields, **options)

    def to_site(self, type: str, fields: dict[str, Any]) -> Envelope:
        return self.envelope(type, self.relay.address, fields)

    def ack(self, *mail: Envelope) -> Envelope:
        return self.to_site("ack", {"hashes": [envelope_hash(one) for one in mail]})

    async def connect(self, **options: Any) -> Client:
        """A proven socket, after `welcome`."""
        return await shake_hands(self, await self.relay.dial(**options))


async def shake_hands(device: Device, socket: ClientConnection, role: str = "device") -> Client:
    address = device.address if role == "device" else device.relay.address
    shake = ClientHandshake(
        device.key,
        role,  # type: ignore[arg-type]
        address,
        device.relay.origin,
        RANDOM,
        expected_server_key=device.relay.key.public,
    )
    await socket.send(shake.start(), text=True)
    while shake.welcome is None:
        async with asyncio.timeout(DEADLINE):
            answer = shake.receive(await socket.recv(decode=False))
        if answer is not None:
            await socket.send(answer, text=True)
    return Client(device, socket, shake)


@dataclass
class Client:
    """A device's socket."""

    device: Device
    socket: ClientConnection
    shake: ClientHandshake

    async def send(self, *what: Envelope | bytes) -> None:
        for one in what:
            await self.socket.send(one.raw if isinstance(one, Envelope) else one, text=True)

    async def next(self) -> Envelope:
        """The next envelope; one of the site is verified."""
        async with asyncio.timeout(DEADLINE):
            env = read_envelope(await self.socket.recv(decode=False))
        if not env.from_.username and env.from_device == self.device.relay.key.public:
            verify_envelope(env)
            assert (env.to, env.to_device) == (self.device.address, self.device.id)
        return env

    async def expect(self, type: str) -> Envelope:
        env = await self.next()
        assert env.type == type, orjson.dumps(env.wire()).decode()
        return env

    async def accepted(self, *mail: Envelope) -> None:
        """The next envelopes accept these, in this order."""
        for one in mail:
            assert (await self.expect("accepted")).data["ref"] == one.id

    async def refused(self, code: str, ref: str | None = None) -> Envelope:
        error = await self.expect("error")
        assert (error.data["code"], error.data["ref"]) == (code, ref)
        return error

    async def receives(self, *mail: Envelope) -> None:
        """The next envelopes are these, byte for byte."""
        for one in mail:
            assert (await self.next()).raw == one.raw

    async def nothing_before(self, peer: Client) -> None:
        """Nothing is under way to this client: what `peer` says now is the next it hears."""
        probe = peer.device.typing(self.device)
        await peer.send(probe)
        await self.receives(probe)

    async def closed(self) -> int:
        """The code with which the relay closes, whatever it says before."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(DEADLINE):
                while True:
                    await self.socket.recv()
        assert self.socket.close_code is not None
        return self.socket.close_code

    async def close(self) -> None:
        await self.socket.close()


@cache
def migrated() -> Path:
    """The database of a relay that holds nothing yet; lives as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="porchlight-relay-")
    atexit.register(folder.cleanup)
    Relay(Path(folder.name)).migrate()
    return Path(folder.name) / "site.sqlite3"


@contextmanager
def running(folder: Path, server: str = "uvicorn", **limits: int) -> Iterator[Relay]:
    """A fresh relay, ended by its own pid."""
    relay = Relay(folder, server, limits)
    relay.prepare()
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()
