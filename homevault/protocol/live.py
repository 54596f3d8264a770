"""Live sessions: what two devices say to each other through relays while both are connected (SPEC 5.4).

Promise: each frame opens once, in its order, from that device, in that session; whatever was lost, repeated,
changed or cut off ends the session by `session_broken`. Keys are of the session alone and forgotten with it.
Sans-io: hellos and frames come in and go out; the shell carries them in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from homevault.protocol import schema
from homevault.protocol.canonical import canonical, object_id, tag
from homevault.protocol.certificates import Certificate, require_names
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import KEY_BYTES, DhKey, SignKey, sign, verify
from homevault.protocol.ports import Random
from homevault.protocol.schema import VERSION

LIVE_SUITE = "LS1"
HEADER_BYTES = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
REKEY_EVERY = 1_024
NEAR = 300_000
MOST_SEEN = 4_096

_MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_REKEY = sodium.crypto_secretstream_xchacha20poly1305_TAG_REKEY
_FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL

_hello = schema.closed(
    v=schema.version,
    suite=schema.suite(LIVE_SUITE),
    account=schema.key,
    device=schema.key,
    peer=schema.key,
    session=schema.nonce,
    ephemeral=schema.key,
    answers=schema.nullable(schema.key),
    time=schema.time,
    sig=schema.signature,
)


@dataclass(frozen=True, slots=True)
class Hello:
    """A device's word that `ephemeral` is its key for one session with the device `peer`; `answers` is the id
    of the hello that opened the session, null in that one."""

    device: str
    peer: str
    session: str
    ephemeral: str
    answers: str | None
    time: int
    id: str
    wire: dict[str, Any]


def make_hello(
    account: str, device: SignKey, peer: str, session: str, ephemeral: str, answers: str | None, now: int
) -> dict[str, Any]:
    statement = {
        "v": VERSION,
        "suite": LIVE_SUITE,
        "account": account,
        "device": device.public,
        "peer": peer,
        "session": session,
        "ephemeral": ephemeral,
        "answers": answers,
        "time": now,
    }
    return sign("session-hello", statement, device)


def verify_hello(value: Any, certificate: Certificate, own: str, now: int) -> Hello:
    """A hello of the certificate's device to the device `own`; `wrong_sender` if it is for another one,
    `clock` and `expired` if it is not of these five minutes."""
    _hello(value, "hello")
    require_names(certificate, value["account"], value["device"])
    if value["peer"] != own:
        raise ProtocolError("wrong_sender", "peer")
    verify("session-hello", value, certificate.device)
    if value["time"] > now + NEAR:
        raise ProtocolError("clock", "hello")
    if value["time"] < now - NEAR:
        raise ProtocolError("expired", "hello")
    return Hello(
        value["device"],
        value["peer"],
        value["session"],
        value["ephemeral"],
        value["answers"],
        value["time"],
        object_id("session-hello", value),
        value,
    )


class Opening:
    """The side that opens a session: send `hello`, then `finish` with the answer."""

    def __init__(self, account: str, device: SignKey, peer: Certificate, now: int, random: Random) -> None:
        self._own = device.public
        self._peer = peer
        self._random = random
        self._ephemeral = DhKey.generate(random)
        self.session = b64encode(random.bytes(16))
        self.hello = make_hello(account, device, peer.device, self.session, self._ephemeral.public, None, now)

    def finish(self, answer: Any, now: int) -> "LiveSession":
        """The session, once the peer answered; `not_proven` if this answers another hello."""
        found = verify_hello(answer, self._peer, self._own, now)
        opened = object_id("session-hello", self.hello)
        if (found.session, found.answers) != (self.session, opened):
            raise ProtocolError("not_proven", "answers")
        receive, send = _keys(self._ephemeral, found.ephemeral, opening=True)
        context = _Context(opened, found.id, self._own, found.device)
        return LiveSession(send, receive, context, self._random)


def answer(
    hello: Hello, account: str, device: SignKey, now: int, random: Random
) -> tuple[dict[str, Any], "LiveSession"]:
    """The hello to send back to a verified one, and the session. `schema` if that is an answer itself. The
    caller took it into its `SeenSessions` before."""
    if hello.answers is not None:
        raise schema.schema_error("answers")
    ephemeral = DhKey.generate(random)
    receive, send = _keys(ephemeral, hello.ephemeral, opening=False)
    made = make_hello(account, device, hello.device, hello.session, ephemeral.public, hello.id, now)
    context = _Context(hello.id, object_id("session-hello", made), device.public, hello.device)
    return made, LiveSession(send, receive, context, random)


def _keys(own: DhKey, peer: str, *, opening: bool) -> tuple[bytes, bytes]:
    """The keys to receive and to send with: crypto_kx, the opening side being its client."""
    derive = sodium.crypto_kx_client_session_keys if opening else sodium.crypto_kx_server_session_keys
    try:
        receive, send = derive(b64decode(own.public, KEY_BYTES), own.secret, b64decode(peer, KEY_BYTES))
    except CryptoError as error:
        raise ProtocolError("weak_key", "ephemeral") from error
    return receive, send


@dataclass(frozen=True, slots=True)
class _Context:
    """What binds every frame to the two hellos and to its direction."""

    hello: str
    answer: str
    own: str
    peer: str

    def associated(self, sender: str) -> bytes:
        bound = {"answer": self.answer, "hello": self.hello, "sender": sender}
        return tag("session") + canonical(bound)


class LiveSession:
    """Two streams, one a direction. `ended`: the peer said its last word."""

    def __init__(self, send: bytes, receive: bytes, context: _Context, random: Random) -> None:
        self._out, self._in = context.associated(context.own), context.associated(context.peer)
        self._keys: Mapping[str, bytes] = {"send": send, "receive": receive}
        self._random = random
        self._pushing: Any = None
        self._pulling: Any = None
        self._pushed = 0
        self._finished = False
        self._broken = False
        self.ended = False

    def send(self, data: bytes, last: bool = False) -> bytes:
        """The frame for `data`; nothing can be sent after the `last`. `session_broken` once it is."""
        if self._finished or self._broken:
            raise ProtocolError("session_broken", "finished")
        header = b""
        if self._pushing is None:
            header = self._random.bytes(HEADER_BYTES)
            self._pushing = open_stream(header, self._keys["send"])
        self._pushed += 1
        mark = _FINAL if last else _REKEY if self._pushed % REKEY_EVERY == 0 else _MESSAGE
        self._finished = last
        return header + sodium.crypto_secretstream_xchacha20poly1305_push(
            self._pushing, data, self._out, mark
        )

    def receive(self, frame: bytes) -> bytes:
        """What the next frame says. After a `session_broken` nothing more is taken."""
        if self.ended or self._broken:
            raise self._break("after the end")
        try:
            if self._pulling is None:
                self._pulling = open_stream(frame[:HEADER_BYTES], self._keys["receive"])
                frame = frame[HEADER_BYTES:]
            data, mark = sodium.crypto_secretstream_xchacha20poly1305_pull(self._pulling, frame, self._in)
        except (CryptoError, RuntimeError, ValueError) as error:
            raise self._break("frame") from error
        self.ended = mark == _FINAL
        return bytes(data)

    def close(self) -> None:
        """The link is gone: `session_broken` unless the peer had said its last word."""
        if not self.ended or self._broken:
            raise self._break("cut off")

    def _break(self, where: str) -> ProtocolError:
        self._broken = True
        return ProtocolError("session_broken", where)


def open_stream(header: bytes, key: bytes) -> Any:
    """A state of crypto_secretstream, the same for pushing and pulling once header and key are given."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    return state


class SeenSessions:
    """Sessions that were opened in the last minutes, so that a repeated hello opens none."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], int] = {}

    def take(self, hello: Hello, now: int) -> None:
        """`replay` if it came before, `too_many` if more came than are remembered."""
        self._seen = {name: until for name, until in self._seen.items() if until >= now}
        name = (hello.device, hello.session)
        if name in self._seen:
            raise ProtocolError("replay", "session")
        if len(self._seen) >= MOST_SEEN:
            raise ProtocolError("too_many", "sessions")
        self._seen[name] = hello.time + NEAR
