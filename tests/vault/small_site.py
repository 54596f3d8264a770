"""A whole site in memory on real websockets: handshake, mailboxes, keys, pairing slots. It plays by SPEC.md
unless a test tells it not to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import verify_device_list
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import Envelope, envelope_hash, make_envelope, read_envelope, verify_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import ServerHandshake, refusal
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import SystemClock, SystemRandom
from homevault.protocol.prekeys import verify_one_time, verify_signed_prekey
from homevault.protocol.sites import make_site_document

CLOCK, RANDOM = SystemClock(), SystemRandom()
DH = DhKey.generate(RANDOM).public
PATIENCE = 45.0


@dataclass
class Member:
    """What the site holds of an account: its list, the prekeys its devices published, and what they
    vouched for."""

    list: dict[str, Any]
    signed: dict[str, dict[str, Any]] = field(default_factory=dict)
    one_time: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


class SmallSite:
    def __init__(self, host: str = "127.0.0.1") -> None:
        self.key = SignKey.generate(RANDOM)
        self.host = host
        self.port = 0
        self.members: dict[str, Member] = {}
        self.mailboxes: dict[str, dict[str, bytes]] = {}
        self.sockets: dict[str, ServerConnection] = {}
        self.slots: dict[str, ServerConnection] = {}
        self.from_vault: asyncio.Queue[Envelope] = asyncio.Queue()
        self.heard: list[Envelope] = []
        self.unreachable: set[str] = set()
        self.watch: Callable[[Envelope], None] | None = None
        self.rotations: list[dict[str, Any]] = []
        self._server: Server | None = None

    async def start(self, port: int = 0) -> SmallSite:
        self._server = await serve(
            self._serve, self.host, port or self.port, compression=None, process_request=self._answer
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """What is asked by plain HTTP: the site document."""
        if request.path != "/.well-known/porchlight":
            return None
        said = make_site_document(self.address, self.key, DH, CLOCK.now(), self.rotations)
        return connection.respond(200, canonical(said).decode())

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()
        self.sockets.clear()

    @property
    def address(self) -> Address:
        return Address(self.host, self.port, "")

    @property
    def origin(self) -> str:
        return self.address.origin(secure=False)

    def address_of(self, username: str) -> Address:
        return Address(self.host, self.port, username)

    # --- what tests look at -----------------------------------------------------------------

    def sent(self, type: str) -> list[Envelope]:
        return [envelope for envelope in self.heard if envelope.type == type]

    async def slot(self) -> str:
        await until(lambda: self.slots)
        return next(iter(self.slots))

    async def put(self, envelope: Envelope) -> None:
        """Commit mail to the mailboxes in `wraps`, then push it."""
        for device in envelope.data["wraps"]:
            self.mailboxes.setdefault(device, {})[envelope_hash(envelope)] = envelope.raw
            if device in self.sockets:
                await self._push(self.sockets[device], envelope.raw)

    async def tell(self, device: str, type: str, **fields: Any) -> None:
        await self._push(self.sockets[device], self._make(type, device, fields).raw)

    async def push(self, device: str, raw: bytes) -> None:
        await self._push(self.sockets[device], raw)

    async def pair(self, slot: str, envelope: Envelope) -> None:
        await self._push(self.slots[slot], envelope.raw)

    # --- sockets ----------------------------------------------------------------------------

    async def _serve(self, socket: ServerConnection) -> None:
        shake = ServerHandshake(self.key, [self.origin], RANDOM)
        try:
            for _ in range(2):
                for answer in shake.receive(await socket.recv(decode=False)):
                    await socket.send(answer, text=True)
        except ProtocolError as error:
            await socket.send(refusal(error), text=True)
            return
        except ConnectionClosed:
            return
        hello = shake.hello
        assert hello is not None
        if hello.role == "pairing":
            await self._serve_pairing(socket, shake)
        elif hello.key in self._devices(hello.address.username):
            await self._serve_device(socket, shake, hello.key, hello.address)
        else:
            await socket.send(refusal(ProtocolError("refused")), text=True)

    def _devices(self, username: str) -> set[str]:
        member = self.members.get(username)
        return set(verify_device_list(member.list).devices) if member else set()

    async def _serve_pairing(self, socket: ServerConnection, shake: ServerHandshake) -> None:
        slot = b64encode(RANDOM.bytes(16))
        await socket.send(shake.welcome(self.address, [], {}, slot), text=True)
        self.slots[slot] = socket
        with contextlib.suppress(ConnectionClosed):
            while True:
                envelope = read_envelope(await socket.recv(decode=False))
                verify_envelope(envelope)
                await self.from_vault.put(envelope)
        del self.slots[slot]

    async def _serve_device(
        self, socket: ServerConnection, shake: ServerHandshake, device: str, address: Address
    ) -> None:
        await socket.send(shake.welcome(address, [], {}, None), text=True)
        self.sockets[device] = socket
        with contextlib.suppress(ConnectionClosed):
            for raw in list(self.mailboxes.get(device, {}).values()):
                await socket.send(raw, text=True)
            while True:
                envelope = read_envelope(await socket.recv(decode=False))
                assert (envelope.from_, envelope.from_device) == (address, device)
                await self._hear(socket, envelope)
        if self.sockets.get(device) is socket:
            del self.sockets[device]

    async def _hear(self, socket: ServerConnection, envelope: Envelope) -> None:
        verify_envelope(envelope)
        self.heard.append(envelope)
        device, data = envelope.from_device, envelope.data
        if self.watch:
            self.watch(envelope)
        if envelope.type == "ack":
            for hash_ in data["hashes"]:
                self.mailboxes.get(device, {}).pop(hash_, None)
        elif envelope.type == "prekeys":
            self._publish(envelope)
        elif envelope.type == "vouch":
            self.members[envelope.from_.username].told = {
                name: data[name] for name in ("revocations", "freshness")
            }
        elif envelope.type == "keys":
            await self._answer_keys(socket, envelope)
        elif envelope.mail:
            await self.put(envelope)
            await self._push(socket, self._make("accepted", device, {"ref": envelope.id}).raw)

    def _publish(self, envelope: Envelope) -> None:
        member = self.members[envelope.from_.username]
        certificate = verify_device_list(member.list).devices[envelope.from_device]
        verify_signed_prekey(envelope.data["signed"], certificate)
        member.signed[envelope.from_device] = envelope.data["signed"]
        if envelope.data["one_time"]:
            keys = verify_one_time(envelope.data["one_time"], certificate).keys
            member.one_time.setdefault(envelope.from_device, []).extend(keys)

    async def _answer_keys(self, socket: ServerConnection, envelope: Envelope) -> None:
        address = Address.from_wire(envelope.data["address"])
        device, ref = envelope.from_device, envelope.id
        if str(address) in self.unreachable:
            fields = {"ref": ref, "code": "unreachable", "message": ""}
            await self._push(socket, self._make("error", device, fields).raw)
            return
        claimed = self.claim(address.username) if envelope.data["claim"] else None
        fields = {"ref": ref, "keys": self.keys(address.username), "one_time": claimed}
        await self._push(socket, self._make("keys-result", device, fields).raw)

    def keys(self, username: str) -> dict[str, Any] | None:
        member = self.members.get(username)
        if member is None:
            return None
        listed = self._devices(username)
        prekeys = [member.signed[each] for each in sorted(listed) if each in member.signed]
        return {"v": 1, "list": member.list, "prekeys": prekeys, **member.told}

    def claim(self, username: str) -> dict[str, str | None]:
        stock = self.members[username].one_time
        return {each: stock[each].pop(0) if stock.get(each) else None for each in self._devices(username)}

    def _make(self, type: str, device: str, fields: dict[str, Any]) -> Envelope:
        to = next(
            (self.address_of(name) for name in self.members if device in self._devices(name)), self.address
        )
        return make_envelope(
            self.address, to, type, fields, self.key, self.key.public, device, CLOCK.now(), 300, RANDOM
        )

    async def _push(self, socket: ServerConnection, raw: bytes) -> None:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(raw, text=True)


async def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait on a condition, with a deadline."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
