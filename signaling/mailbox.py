"""Mail for members here: committed to the mailbox of each addressed device, then pushed where connected."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from homevault.protocol.envelope import Envelope, check_time, envelope_hash
from homevault.protocol.errors import ProtocolError
from signaling import answers, bus, store
from signaling.policy import policy
from signaling.registry import registry
from signaling.writer import Writer

writer = Writer()


async def address(env: Envelope) -> tuple[store.Put, list[str]]:
    """What to store of a mail envelope for a member here, and the devices in `wraps` that are not listed;
    neither, if it is to be dropped silently. Raises ProtocolError when it is late, nobody here is meant, or
    its sender is not let in."""
    now = answers.clock.now()
    check_time(env, now)
    devices = await policy().devices_of(env.to.username)
    if devices is None:
        raise ProtocolError("unknown_recipient", env.to.username)
    wraps = env.data["wraps"] if await policy().may_mail(env) else {}
    unlisted = [device for device in wraps if device not in devices]
    put = store.Put(
        key=f"{env.from_device}.{env.id}",
        hash=envelope_hash(env),
        username=env.to.username,
        sender=str(env.from_),
        devices=[device for device in wraps if device in devices],
        raw=env.raw,
        time=now,
        request=env.type == "request",
        own=env.from_ == env.to,
    )
    return put, unlisted


def unlisted_error(devices: Sequence[str]) -> ProtocolError:
    return ProtocolError("unlisted_device", " ".join(devices))


def commit(put: store.Put) -> asyncio.Future[store.Stored]:
    """Done when it is durable; ProtocolError `mailbox_full`, `refused`, `request_pending`, `replay`."""
    return writer.submit(put)


def push(put: store.Put) -> None:
    """Offer committed mail to the devices that are connected."""
    for device in put.devices:
        connection = registry.find(device)
        if connection is not None:
            connection.offer(put.hash, put.raw)
        else:
            bus.hint(device)


async def ack(device: str, hashes: Sequence[str]) -> None:
    """Returns when the rows are gone for good."""
    await writer.submit(store.Ack(device, hashes))


async def note_wrote(username: str, other: str) -> None:
    """A member here writes to `other`, who may answer; durable when this returns."""
    await writer.submit(store.Wrote(username, other))


async def forget_device(device: str) -> None:
    """Drop what waits for a device that is listed no longer."""
    await writer.submit(store.Drop(device))


async def expire() -> None:
    """Drop what lay for too long."""
    while await writer.submit(store.Expire(answers.clock.now())):
        pass
