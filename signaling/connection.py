"""One device's proven socket: what it sends is judged here, what it is sent goes through here.

Live envelopes between devices of this process go straight through. Everything else waits in a queue and is
handled one after the other; while too much waits, the socket is not read. Each bad message is answered by one
`error` envelope; too many of them, or a receiver too slow for what it is sent, end the socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import Envelope, peek_id, read_envelope
from homevault.protocol.errors import ProtocolError
from signaling import answers
from signaling.inbox import Inbox
from signaling.limits import Bucket, Meter, limits
from signaling.plain import read_plain
from signaling.policy import Admitted
from signaling.registry import registry
from signaling.wire import Wire

CLOSE_TOO_MANY = 4429

Handler = Callable[["Connection", Envelope], Awaitable[None]]


class Connection:
    """`address` and `device` are what the handshake proved. While it is `limited`, nothing goes
    straight to others, and until the policy has `agreed` it is asked before anything goes to them."""

    __slots__ = (
        "_devices",
        "_errors",
        "_handle",
        "_held",
        "_meter",
        "_open",
        "_queue",
        "_worker",
        "address",
        "address_bytes",
        "admitted",
        "agreed",
        "closing",
        "device",
        "device_bytes",
        "inbox",
        "limited",
        "requests",
        "role",
        "session",
        "username",
        "wire",
        "write",
    )

    def __init__(
        self,
        wire: Wire,
        admitted: Admitted,
        address: Address,
        meter: Meter,
        requests: Bucket,
        handle: Handler,
    ) -> None:
        self.wire = wire
        self.write = wire.write
        self.admitted = admitted
        self.limited = True
        self.agreed = False
        self.username = admitted.username
        self.device = admitted.device
        self.device_bytes = admitted.device.encode()
        self.role = admitted.role
        self.session = admitted.session
        self.address = address
        self.address_bytes = canonical(address.wire())
        self.requests = requests
        self.inbox = Inbox(self)
        self.closing = False
        self._meter = meter
        self._errors = Bucket(limits().errors_rate, limits().errors_burst)
        self._handle = handle
        self._devices = registry.devices
        self._queue: list[Envelope] = []
        self._open = 0
        self._held = False
        self._worker: asyncio.Task[None] | None = None

    def take(self, raw: bytes) -> None:
        """One text message from the device."""
        if not self._meter.take(len(raw)):
            self.refuse(peek_id(raw), ProtocolError("too_many"))
            return
        plain = read_plain(raw)
        if plain is not None and plain[0] == self.device_bytes and plain[2] == self.address_bytes:
            target = self._devices.get(plain[1])
            free = not self.limited or plain[3] == self.address_bytes
            if free and target is not None and target.address_bytes == plain[3]:
                target.write(raw)
                return
        self._take_any(raw)

    def _take_any(self, raw: bytes) -> None:
        if self.closing:
            return
        try:
            env = read_envelope(raw)
            self._check_sender(env)
        except ProtocolError as error:
            self.refuse(peek_id(raw), error, answered=b'"type":"error"}' not in raw[-16:])
            return
        free = not self.limited or env.to == self.address
        if not (free and env.to_device and not env.mail and self._pass(env)):
            self._enqueue(env)

    def _check_sender(self, env: Envelope) -> None:
        if env.from_ != self.address or env.from_device != self.device:
            raise ProtocolError("wrong_sender", "from")

    def _pass(self, env: Envelope) -> bool:
        """Hand a live envelope to a device of this process, if it is for one."""
        target = registry.find(env.to_device or "")
        if target is None or target.address != env.to:
            return False
        target.write(env.raw)
        return True

    def limit(self) -> None:
        """Ask the policy anew."""
        self.limited, self.agreed = True, False

    def binary(self) -> None:
        """A binary message: envelopes are text."""
        self.refuse(None, ProtocolError("schema", "binary message"))

    # --- what takes time ---------------------------------------------------------------------

    def _enqueue(self, env: Envelope) -> None:
        self._queue.append(env)
        self.opened()
        if self._worker is None:
            self._worker = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        try:
            while self._queue and not self.closing:
                env = self._queue.pop(0)
                try:
                    await self._handle(self, env)
                except Exception as error:
                    self.refuse(env.id, answers.problem_of(error), answered=env.type != "error")
                finally:
                    self.closed()
        finally:
            self._worker = None
            self.limited = not self.agreed

    def opened(self) -> None:
        """Something of this device is under way; it is not read while there is too much."""
        self._open += 1
        if self._open >= limits().waiting_messages and not self._held:
            self._held = True
            self.wire.hold()

    def closed(self) -> None:
        self._open -= 1
        if self._held and self._open <= limits().waiting_messages // 2:
            self._held = False
            self.wire.release()

    # --- what it is told ---------------------------------------------------------------------

    def accept(self, env: Envelope) -> None:
        """Tell it that `env` is durable here."""
        self.tell("accepted", {"ref": env.id})

    def refuse(self, ref: str | None, problem: ProtocolError, answered: bool = True) -> None:
        """Tell it why not; after too many of these the socket ends. Errors are never answered."""
        if self.closing:
            return
        if not self._errors.take():
            self.close(CLOSE_TOO_MANY)
        elif answered:
            self.write(answers.error(self.address, self.device, ref, problem).raw)

    def tell(self, type: str, fields: dict[str, object]) -> None:
        """An envelope of the site to this device."""
        if not self.closing:
            self.write(answers.write(self.address, self.device, type, fields).raw)

    def offer(self, hash: str, raw: bytes) -> None:
        """Mail for it was committed."""
        self.inbox.offer(hash, raw)

    def full(self) -> None:
        """It reads too slowly."""
        self.close(CLOSE_TOO_MANY)

    def close(self, code: int) -> None:
        if not self.closing:
            self.closing = True
            self.wire.end(code)
            registry.leave(self)
