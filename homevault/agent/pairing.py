"""Waiting to be paired (SPEC 4.8): this vault shows a code, the owner compares, the account takes it in.

Promise: what makes this vault a device is stored in one transaction before `done` is said. One exchange at a
time, five an hour; an exchange not done after `PATIENCE` seconds is ended. On a terminal the owner confirms
here too, otherwise the comparison in the browser decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from homevault.agent import log
from homevault.agent.folder import DeviceKeys
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, make_envelope, read_envelope, verify_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.pairing import (
    Enrolment,
    Message,
    Newcomer,
    NewcomerPairing,
    PairingLimit,
    abort,
)
from homevault.protocol.ports import Clock, Random
from homevault.transport.relay.link import Link
from homevault.transport.relay.origin import Origin

PATIENCE = 300.0
ENVELOPE_SECONDS = 300

Show = Callable[[str], None]
Ask = Callable[[str], Awaitable[bool]]
Save = Callable[[Enrolment], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """`show` gets the code; `ask` says whether it matches, None where nobody can be asked; `save` stores the
    enrolment durably."""

    show: Show
    ask: Ask | None
    save: Save


class Exchange:
    """One browser's attempt."""

    def __init__(self, machine: NewcomerPairing, first: Envelope, slot: str) -> None:
        self.machine = machine
        self.browser = first.from_device
        self.address = first.from_
        self.slot = slot
        self.shown = False
        self.confirmed: asyncio.Task[bool] | None = None
        self.timer: asyncio.TimerHandle | None = None

    def drop(self) -> None:
        if self.timer:
            self.timer.cancel()
        if self.confirmed:
            self.confirmed.cancel()


class WaitingVault:
    """Serves a `pairing` socket until an account took this vault in."""

    def __init__(
        self, keys: DeviceKeys, name: str, origin: Origin, clock: Clock, random: Random, hooks: Hooks
    ) -> None:
        self._keys = keys
        self._name = name
        self._origin = origin
        self._clock = clock
        self._random = random
        self._hooks = hooks
        self._limit = PairingLimit(clock)
        self._exchange: Exchange | None = None

    async def serve(self, link: Link) -> None:
        """Returns once paired; raises LinkError when the link breaks."""
        log.info("waiting_to_be_paired")
        try:
            async for raw in link.frames():
                if await self._receive(link, raw):
                    return
        finally:
            self._end()

    async def _receive(self, link: Link, raw: bytes) -> bool:
        try:
            envelope = read_envelope(raw)
            if envelope.type != "pair" or envelope.data["slot"] != link.welcome.slot:
                return False
            verify_envelope(envelope)
        except ProtocolError as error:
            log.warn("pairing_frame_refused", code=error.code)
            return False
        try:
            return await self._step(link, envelope)
        except ProtocolError as error:
            await self._refuse(link, envelope, error)
            return False

    async def _step(self, link: Link, envelope: Envelope) -> bool:
        step, payload = envelope.data["step"], envelope.data["payload"]
        exchange = self._exchange
        if step == "open":
            if payload.get("device") != envelope.from_device:
                raise ProtocolError("wrong_sender", "open")
            exchange = self._begin(link, envelope)
        elif exchange is None or envelope.from_device != exchange.browser:
            return False
        for message in exchange.machine.receive(step, payload):
            await self._say(link, exchange.address, exchange.browser, exchange.slot, message)
        self._show(exchange)
        return await self._enrol(link, exchange) if exchange.machine.enrolment else False

    def _begin(self, link: Link, envelope: Envelope) -> Exchange:
        if self._exchange and self._exchange.browser == envelope.from_device:
            self._end()
        self._limit.begin()
        newcomer = Newcomer(self._keys.sign.public, self._keys.dh.public, self._name, "vault")
        machine = NewcomerPairing(newcomer, self._random)
        exchange = Exchange(machine, envelope, str(link.welcome.slot))
        exchange.timer = asyncio.get_running_loop().call_later(PATIENCE, self._end)
        self._exchange = exchange
        return exchange

    def _show(self, exchange: Exchange) -> None:
        code = exchange.machine.code
        if code is None or exchange.shown:
            return
        exchange.shown = True
        self._hooks.show(code)
        log.info("pairing_code_shown")
        if self._hooks.ask:
            exchange.confirmed = asyncio.ensure_future(self._hooks.ask(code))

    async def _enrol(self, link: Link, exchange: Exchange) -> bool:
        enrolment = exchange.machine.enrolment
        assert enrolment is not None
        if enrolment.site_key != link.site_key:
            raise ProtocolError("not_proven", "site_key")
        if enrolment.address.site_address != self._origin.site:
            raise ProtocolError("address", "address")
        if not await _agreed(exchange):
            raise ProtocolError("refused", "the codes differ")
        await self._hooks.save(enrolment)
        await self._say(link, exchange.address, exchange.browser, exchange.slot, exchange.machine.done())
        return True

    async def _refuse(self, link: Link, envelope: Envelope, error: ProtocolError) -> None:
        log.warn("pairing_ended", code=error.code)
        own = self._exchange and self._exchange.browser == envelope.from_device
        if own and error.code != "pairing_busy":
            self._end()
        if envelope.data["step"] != "abort":
            slot = str(link.welcome.slot)
            await self._say(link, envelope.from_, envelope.from_device, slot, abort(error.code))

    def _end(self) -> None:
        if self._exchange:
            self._exchange.drop()
            self._exchange = None
            self._limit.end()

    async def _say(self, link: Link, to: Address, device: str, slot: str, message: Message) -> None:
        step, payload = message
        fields = {"slot": slot, "step": step, "payload": payload}
        envelope = make_envelope(
            self._origin.site,
            to,
            "pair",
            fields,
            self._keys.sign,
            self._keys.sign.public,
            device,
            self._clock.now(),
            ENVELOPE_SECONDS,
            self._random,
        )
        await link.send(envelope.raw)


async def _agreed(exchange: Exchange) -> bool:
    """What the owner said on the terminal; no, if the exchange ended meanwhile."""
    if exchange.confirmed is None:
        return True
    await asyncio.wait([exchange.confirmed])
    return not exchange.confirmed.cancelled() and exchange.confirmed.result()
