"""Between the processes of one site: Redis pub/sub, and only ever a hint or a live envelope.

Without a Redis URL there is one process and everything here does nothing. Nothing durable depends on it: what
a lost message hinted at is found when the device connects again, and after each reconnection to Redis.

Channels: `d:<device>`, `u:<username>` and `l:<login>` of those connected here, `s:<slot>:<since>:<username>`
of newcomers waiting here.
"""

from __future__ import annotations

import asyncio
import logging
import os
from functools import cache
from typing import Any

import orjson
from django.conf import settings

from signaling.registry import registry

PREFIX = "porchlight:relay:"
LONGEST_QUEUE = 10_000
RETRY_SECONDS = 1.0
PATIENCE_SECONDS = 1.0
ME = os.urandom(8)
LIVE, HINT, CLOSE, PUSH, SLOT, END, LIMIT = b"L", b"H", b"C", b"P", b"S", b"E", b"B"

log = logging.getLogger(__name__)


@cache
def url() -> str:
    return str(getattr(getattr(settings, "PORCHLIGHT", None), "redis_url", "") or "")


# --- what the rest of the relay says; see `signaling.subscriber` for the other direction --------


def live(device: str, raw: bytes) -> None:
    """To a device connected to another process, if it is."""
    _say(f"d:{device}", LIVE, raw)


def hint(device: str) -> None:
    """There is new mail for this device."""
    _say(f"d:{device}", HINT, b"")


def close(device: str, code: int) -> None:
    _say(f"d:{device}", CLOSE, str(code).encode())


def end_session(username: str, session: str) -> None:
    """A login has ended: the sockets that came with it go."""
    _say(f"u:{username}", END, session.encode())


def push(to: str, type: str, fields: dict[str, Any]) -> None:
    """The site's own word to a device or all devices of a member, written where they are connected."""
    _say(_channel(to), PUSH, orjson.dumps({"type": type, "fields": fields}))


def limit(to: str) -> None:
    """A device, or all devices of a member, are limited from now on."""
    _say(_channel(to), LIMIT, b"")


def _channel(to: str) -> str:
    return f"d:{to}" if len(to) == 43 else f"u:{to}"


def _say(channel: str, kind: bytes, body: bytes) -> None:
    if not url():
        return
    loop = registry.loop
    if loop is None or loop.is_closed():
        _client().publish(PREFIX + channel, kind + ME + body)
    else:
        loop.call_soon_threadsafe(_queue, channel, kind + ME + body)


def _queue(channel: str, message: bytes) -> None:
    from signaling.subscriber import subscriber

    subscriber.publish(PREFIX + channel, message)


async def to_slot(slot: str, device: str, raw: bytes) -> bool:
    """Whether a vault waits in this slot at another process, which then has the envelope."""
    if not url():
        return False
    return await asyncio.to_thread(_to_slot, slot, device.encode() + raw)


def _to_slot(slot: str, body: bytes) -> bool:
    channels = _client().pubsub_channels(f"{PREFIX}s:{slot}:*")
    return bool(sum(_client().publish(channel, SLOT + ME + body) for channel in channels))


def slots() -> dict[str, tuple[int, str]]:
    """The newcomers waiting at any process: slot → since, and whose browser it is."""
    if not url():
        return {}
    names = [channel.decode().split(":") for channel in _client().pubsub_channels(f"{PREFIX}s:*")]
    return {name[-3]: (int(name[-2]), name[-1]) for name in names}


def devices() -> set[str]:
    """The devices connected to any process."""
    if not url():
        return set()
    start = f"{PREFIX}d:"
    return {channel.decode().removeprefix(start) for channel in _client().pubsub_channels(f"{start}*")}


def is_online(device: str) -> bool:
    """Whether any process has the device."""
    if not url():
        return False
    return any(count for _, count in _client().pubsub_numsub(f"{PREFIX}d:{device}"))


def is_login_online(session: str) -> bool:
    """Whether any process has a socket that came with this login."""
    if not url():
        return False
    return any(count for _, count in _client().pubsub_numsub(f"{PREFIX}l:{session}"))


async def joined(device: str, username: str, session: str) -> None:
    """From now on this process hears what others have for the device, which they let go of."""
    if url():
        from signaling.subscriber import subscriber

        login = [f"{PREFIX}l:{session}"] if session else []
        await subscriber.subscribe([f"{PREFIX}d:{device}", f"{PREFIX}u:{username}", *login])
        close(device, 4409)


def left(device: str, username: str, session: str) -> None:
    others = registry.of(username)
    gone = [] if registry.find(device) else [f"d:{device}"]
    gone += [] if others else [f"u:{username}"]
    if session and not any(one.session == session for one in others):
        gone.append(f"l:{session}")
    _unsubscribe(gone)


async def slot_opened(slot: str, since: int, username: str) -> None:
    if url():
        from signaling.subscriber import subscriber

        await subscriber.subscribe([f"{PREFIX}s:{slot}:{since}:{username}"])


def slot_closed(slot: str, since: int, username: str) -> None:
    _unsubscribe([f"s:{slot}:{since}:{username}"])


def _unsubscribe(channels: list[str]) -> None:
    if url() and channels:
        from signaling.subscriber import subscriber

        subscriber.unsubscribe([PREFIX + channel for channel in channels])


@cache
def _client() -> Any:
    import redis

    return redis.Redis.from_url(url(), socket_timeout=2, socket_connect_timeout=2)
