"""Where an envelope from a device goes (SPEC 6.4): a handler for each type a device may send.

The sender is checked already, the signature is not: `ack` and requests to the site verify it before they
act. A handler raises ProtocolError to refuse.
"""

from __future__ import annotations

import asyncio
from functools import partial

from homevault.protocol.envelope import Envelope, check_time, verify_envelope
from homevault.protocol.errors import ProtocolError
from signaling import answers, bus, mailbox, pairing, store
from signaling.connection import Connection
from signaling.policy import policy
from signaling.registry import registry


async def handle(connection: Connection, env: Envelope) -> None:
    """Do what the envelope asks for."""
    here = env.to.site == connection.address.site
    if not connection.agreed and not (here and env.to.username in ("", connection.username)):
        await policy().may_reach(connection.admitted)
        connection.agreed = True
    if env.mail:
        await (_mail_here if here else _mail_away)(connection, env)
    elif env.type in ("typing", "error", "presence") and env.to.username:
        await (live_here(env) if here else _live_away(env))
    elif not here or env.to.username:
        raise ProtocolError("refused", "to")
    elif env.type == "ack":
        await _ack(connection, env)
    elif env.type == "pair":
        await pairing.to_vault(connection, env)
    else:
        await _site_request(connection, env)


async def _mail_here(connection: Connection, env: Envelope) -> None:
    """Committed with whatever else arrives meanwhile; the next envelope does not wait for that."""
    if env.type == "request" and not connection.requests.take():
        raise ProtocolError("too_many", "requests")
    put, unlisted = await mailbox.address(env)
    if not put.own:
        mailbox.writer.submit(store.Wrote(env.from_.username, str(env.to)))
    if unlisted:
        connection.refuse(env.id, mailbox.unlisted_error(unlisted))
    elif not put.devices:
        connection.accept(env)
    if put.devices:
        connection.opened()
        mailbox.commit(put).add_done_callback(partial(_stored, connection, env, put))


def _stored(
    connection: Connection, env: Envelope, put: store.Put, done: asyncio.Future[store.Stored]
) -> None:
    connection.closed()
    problem = None if done.cancelled() else done.exception()
    if problem is not None:
        connection.refuse(env.id, answers.problem_of(problem))
        return
    if done.result().fresh:
        mailbox.push(put)
    connection.accept(env)


async def _mail_away(connection: Connection, env: Envelope) -> None:
    """In the outbox, durably, before it is accepted."""
    check_time(env, answers.clock.now())
    if env.type == "request" and not connection.requests.take():
        raise ProtocolError("too_many", "requests")
    await mailbox.note_wrote(env.from_.username, str(env.to))
    await policy().forward(env.raw, env)
    connection.accept(env)


async def live_here(env: Envelope) -> None:
    """To the devices meant that are connected, to the others never. `unknown_recipient` if nobody has the
    name."""
    devices = await policy().devices_of(env.to.username)
    if devices is None:
        raise ProtocolError("unknown_recipient", env.to.username)
    if env.type == "presence":
        devices = devices & env.data["wraps"].keys() if await policy().may_tell(env) else set()
    for device in devices if env.to_device is None else devices & {env.to_device}:
        target = registry.find(device)
        if target is not None:
            target.write(env.raw)
        else:
            bus.live(device, env.raw)


async def _live_away(env: Envelope) -> None:
    if env.type != "presence" or await policy().may_tell(env):
        await policy().forward(env.raw, env)


async def _ack(connection: Connection, env: Envelope) -> None:
    verify_envelope(env)
    hashes = env.data["hashes"]
    await mailbox.ack(connection.device, hashes)
    connection.inbox.acked(hashes)


async def _site_request(connection: Connection, env: Envelope) -> None:
    """What the site answers, or `unknown_type`."""
    check_time(env, answers.clock.now())
    found = await policy().site_request(env)
    if found is None:
        raise ProtocolError("unknown_type", env.type)
    for answer in found:
        connection.tell(answer["type"], answer["fields"])
