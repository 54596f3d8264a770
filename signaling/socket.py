"""`/signaling/socket` (SPEC 6.3): a raw ASGI websocket callable that proves who is there, then serves them.

A browser must come from one of the site's own origins. Nothing is believed before the proof, which has to
come within `handshake_seconds`; how many sockets one network address may have, proven and not, is limited.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from http.cookies import CookieError, SimpleCookie

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import ServerHandshake, refusal
from signaling import answers, bus, pairing, routes
from signaling.connection import Connection
from signaling.limits import Addresses, AddressUse, Meter, limits
from signaling.policy import Admitted, policy
from signaling.registry import registry
from signaling.wire import Receive, Scope, Send, Wire, open_wire

CAPABILITIES = ["error", "keys", "mail", "pair", "prekeys", "presence", "request", "typing"]
CLOSE_BAD_INPUT, CLOSE_TOO_SLOW, CLOSE_FAULT = 4400, 4408, 1011
CLOSE_CODES = {"not_proven": 4401, "refused": 4403, "json_too_large": 4413, "too_many": 4429}
DEVICE, PAIRING = "device", "pairing"

log = logging.getLogger(__name__)
addresses = Addresses()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """One websocket, from its opening to its end."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin")
    if origin is not None and origin not in policy().origins():
        await receive()
        await send({"type": "websocket.close", "code": 4403})
        return
    registry.loop = asyncio.get_running_loop()
    use = addresses.use(scope["client"][0] if scope.get("client") else "")
    use.sockets += 1
    registry.sockets += 1
    try:
        wire = open_wire(scope, receive, send)
        await wire.accept()
        served = await _meet(wire, use, headers)
        headers.clear()
        if served is not None:
            await served
    finally:
        use.sockets -= 1
        registry.sockets -= 1


async def _meet(wire: Wire, use: AddressUse, headers: dict[str, str]) -> Awaitable[None] | None:
    """Shake hands; what serves whoever proved to be there. An open socket may stay for days, so that nothing
    of its opening is kept with it."""
    shake = ServerHandshake(policy().site_key(), policy().origins(), answers.random)
    try:
        async with asyncio.timeout(limits().handshake_seconds):
            admitted = await _shake_hands(wire, use, shake, headers)
    except TimeoutError:
        wire.end(CLOSE_TOO_SLOW)
    except ProtocolError as error:
        refuse(wire, error)
    except Exception:
        log.exception("a handshake failed")
        refuse(wire, ProtocolError("internal"))
    else:
        if admitted is not None:
            return _serve_device(wire, use, shake, admitted)
        if shake.proven:
            username = await policy().member_of(cookies_of(headers), headers)
            return _serve_newcomer(wire, use, shake, username)
    return None


def refuse(wire: Wire, error: ProtocolError) -> None:
    """One error frame and the close."""
    wire.write(refusal(error))
    code = CLOSE_FAULT if error.code == "internal" else CLOSE_CODES.get(error.code, CLOSE_BAD_INPUT)
    wire.end(code, error.code)


async def _shake_hands(
    wire: Wire, use: AddressUse, shake: ServerHandshake, headers: dict[str, str]
) -> Admitted | None:
    """Who proved to be there: a device, or None for a waiting newcomer and for somebody who left."""
    found = limits()
    if use.sockets > found.address_sockets or use.unproven >= found.address_unproven:
        raise ProtocolError("too_many", "address")
    if registry.sockets > found.sockets:
        raise ProtocolError("too_many", "sockets")
    use.unproven += 1
    try:
        frame = await wire.next()
        if frame is None:
            return None
        challenge = shake.receive(frame)
        admitted = await _look_up(use, shake, headers)
        for answer in challenge:
            wire.write(answer)
        frame = await wire.next()
        if frame is None:
            return None
        shake.receive(frame)
        return admitted
    finally:
        use.unproven -= 1


async def _look_up(use: AddressUse, shake: ServerHandshake, headers: dict[str, str]) -> Admitted | None:
    hello = shake.hello
    assert hello is not None
    if hello.role == DEVICE:
        return await policy().admit(hello, cookies_of(headers), headers)
    if hello.role != PAIRING or hello.address != policy().site_address():
        raise ProtocolError("refused", "role")
    if use.pairing >= limits().address_pairing or len(pairing.slots) >= limits().pairing:
        raise ProtocolError("too_many", "pairing")
    return None


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    try:
        found = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items()}


async def _serve_device(wire: Wire, use: AddressUse, shake: ServerHandshake, admitted: Admitted) -> None:
    site = policy().site_address()
    address = Address.make(site.ip, site.port, admitted.username)
    connection = Connection(wire, admitted, address, Meter(use), use.requests, routes.handle)
    try:
        await bus.joined(connection.device, connection.username, connection.session)
        told = await policy().arrived(admitted)
        registry.join(connection)
        wire.write(shake.welcome(address, CAPABILITIES, limits().told()))
        for answer in told:
            connection.tell(answer["type"], answer["fields"])
        policy().seen(admitted)
        connection.inbox.look()
        del shake, told
        await wire.listen(connection.take, connection.binary, connection.full)
    finally:
        connection.closing = True
        registry.leave(connection)
        bus.left(connection.device, connection.username, connection.session)
        policy().seen(admitted)


async def _serve_newcomer(wire: Wire, use: AddressUse, shake: ServerHandshake, username: str) -> None:
    assert shake.hello is not None
    site = policy().site_address()
    newcomer = pairing.Newcomer(wire, shake.hello.key, site, Meter(use), username)
    use.pairing += 1
    try:
        await pairing.join(newcomer)
        wire.write(shake.welcome(site, CAPABILITIES, limits().told(), newcomer.slot))
        await wire.listen(newcomer.take, newcomer.binary, newcomer.full)
    finally:
        use.pairing -= 1
        pairing.leave(newcomer)
