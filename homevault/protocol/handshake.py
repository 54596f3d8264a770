"""Who is at the other end of a websocket: both sides prove their keys over both nonces and the origin (SPEC
6.3).

Sans-io: frames go in and come out as bytes; a broken rule raises and the shell sends `refusal` and closes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from homevault.protocol import schema
from homevault.protocol.addresses import Address, check_address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError, from_wire
from homevault.protocol.keys import SignKey, sign, verify
from homevault.protocol.ports import Random
from homevault.protocol.schema import VERSION, Check

FRAME_LIMIT = 8_192
ROLES = ("device", "site", "pairing")
Role = Literal["device", "site", "pairing"]

CLOSE_BAD_INPUT = 4400
CLOSE_NOT_PROVEN = 4401
CLOSE_REFUSED = 4403
CLOSE_TOO_SLOW = 4408
CLOSE_REPLACED = 4409
CLOSE_TOO_LARGE = 4413
CLOSE_TOO_MANY = 4429

_frame = schema.closed(type=schema.label(), data=schema.opened())


_FORMS: dict[str, Check] = {
    "hello": schema.closed(
        v=schema.version,
        role=schema.one_of(*ROLES),
        address=check_address,
        key=schema.key,
        nonce=schema.binary(32),
        origin=schema.text(1, 300),
    ),
    "challenge": schema.closed(
        v=schema.version, key=schema.key, nonce=schema.binary(32), sig=schema.signature
    ),
    "proof": schema.closed(sig=schema.signature),
    "welcome": schema.opened(
        v=schema.version,
        address=check_address,
        capabilities=schema.listing(schema.label(), 0, 64),
        limits=schema.mapping(schema.label(), schema.integer(), 0, 64),
        slot=schema.nullable(schema.nonce),
    ),
    "error": schema.opened(code=schema.label(), message=schema.label(1_024)),
}


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the client says it is. Nothing of it is proved before `ServerHandshake.proven`."""

    role: Role
    address: Address
    key: str
    nonce: str
    origin: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the server said last: the client's own address there, capabilities, limits, and a pairing
    client's slot."""

    address: Address
    capabilities: list[str]
    limits: dict[str, int]
    slot: str | None


def write_frame(type: str, data: Mapping[str, Any]) -> bytes:
    return canonical({"type": type, "data": data})


def refusal(error: ProtocolError, message: str = "") -> bytes:
    """The one frame before the close."""
    return write_frame("error", {"code": error.code, "message": message})


def read_frame(frame: bytes, expected: str) -> dict[str, Any]:
    """The data of a frame of this type. An `error` frame raises what it says; any other type is `schema`."""
    value = parse(frame, FRAME_LIMIT)
    _frame(value, "frame")
    kind, data = value["type"], value["data"]
    if kind not in (expected, "error"):
        raise ProtocolError("schema", "type")
    _FORMS[kind](data, kind)
    if kind == "error":
        raise from_wire(data["code"], data["message"])
    return dict(data)


def _transcript(hello: Hello, server: str, server_nonce: str) -> dict[str, str]:
    return {
        "client": hello.key,
        "client_nonce": hello.nonce,
        "origin": hello.origin,
        "server": server,
        "server_nonce": server_nonce,
    }


class ClientHandshake:
    """The dialling side. Send `start()`, feed what comes to `receive` and send what it returns until
    `welcome` is there. `server_key` is the key the server proved; with `expected_server_key` any other is
    `not_proven`."""

    def __init__(
        self,
        key: SignKey,
        role: Role,
        address: Address,
        origin: str,
        random: Random,
        expected_server_key: str | None = None,
    ) -> None:
        self._key = key
        self._expected = expected_server_key
        self._hello = Hello(role, address, key.public, b64encode(random.bytes(32)), origin)
        self.server_key: str | None = None
        self.welcome: Welcome | None = None

    def start(self) -> bytes:
        hello = self._hello
        return write_frame(
            "hello",
            {
                "v": VERSION,
                "role": hello.role,
                "address": hello.address.wire(),
                "key": hello.key,
                "nonce": hello.nonce,
                "origin": hello.origin,
            },
        )

    def receive(self, frame: bytes) -> bytes | None:
        """The frame to send back, if any."""
        if self.server_key is None:
            return self._prove(read_frame(frame, "challenge"))
        if self.welcome is not None:
            raise ProtocolError("schema", "type")
        data = read_frame(frame, "welcome")
        self.welcome = Welcome(
            Address.from_wire(data["address"]), data["capabilities"], data["limits"], data["slot"]
        )
        return None

    def _prove(self, challenge: dict[str, Any]) -> bytes:
        transcript = _transcript(self._hello, challenge["key"], challenge["nonce"])
        if self._expected not in (None, challenge["key"]):
            raise ProtocolError("not_proven", "key")
        _prove_or_refuse("handshake-server", {**transcript, "sig": challenge["sig"]}, challenge["key"])
        self.server_key = challenge["key"]
        return write_frame("proof", {"sig": sign("handshake-client", transcript, self._key)["sig"]})


class ServerHandshake:
    """The listening side. After the first `receive` the shell may look `hello` up before it sends the
    challenge; after the second, `proven` is true and the shell sends `welcome(…)`."""

    def __init__(self, site_key: SignKey, origins: Collection[str], random: Random) -> None:
        self._key = site_key
        self._origins = origins
        self._nonce = b64encode(random.bytes(32))
        self.hello: Hello | None = None
        self.proven = False

    def receive(self, frame: bytes) -> list[bytes]:
        """The frames to send back."""
        if self.proven:
            raise ProtocolError("schema", "type")
        if self.hello is None:
            self.hello = self._read_hello(read_frame(frame, "hello"))
            return [self._challenge(self.hello)]
        proof = read_frame(frame, "proof")
        transcript = _transcript(self.hello, self._key.public, self._nonce)
        _prove_or_refuse("handshake-client", {**transcript, "sig": proof["sig"]}, self.hello.key)
        self.proven = True
        return []

    def _read_hello(self, data: dict[str, Any]) -> Hello:
        address = Address.from_wire(data["address"])
        if (data["role"] == "device") != bool(address.username):
            raise ProtocolError("schema", "address")
        if data["origin"] not in self._origins:
            raise ProtocolError("refused", "origin")
        return Hello(data["role"], address, data["key"], data["nonce"], data["origin"])

    def _challenge(self, hello: Hello) -> bytes:
        signed = sign("handshake-server", _transcript(hello, self._key.public, self._nonce), self._key)
        return write_frame(
            "challenge",
            {"v": VERSION, "key": self._key.public, "nonce": self._nonce, "sig": signed["sig"]},
        )

    def welcome(
        self, address: Address, capabilities: list[str], limits: dict[str, int], slot: str | None = None
    ) -> bytes:
        """The last frame; only for a client that proved itself."""
        if not self.proven:
            raise ProtocolError("not_proven")
        return write_frame(
            "welcome",
            {
                "v": VERSION,
                "address": address.wire(),
                "capabilities": capabilities,
                "limits": limits,
                "slot": slot,
            },
        )


def _prove_or_refuse(what: str, statement: dict[str, Any], key: str) -> None:
    try:
        verify(what, statement, key)
    except ProtocolError as error:
        raise ProtocolError("not_proven", "sig") from error
