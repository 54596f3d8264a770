"""What other sites send here, by link or by POST: judged once, then given to whoever registered for its type.

An envelope is handled only if its `from` is the site that proved itself, its `to` is this site, it is in time
and its signature verifies; a site speaks with its own key. Mail that was handled is not handled again. A
handler gets (envelope, raw bytes, site), is sync (run in a thread) or async, returns when the effect is
durable, and raises ProtocolError to refuse.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from federation import blocks, clock, here, received, replies, threads
from federation.here import Site
from homevault.protocol.envelope import (
    Envelope,
    check_time,
    envelope_hash,
    peek_id,
    read_envelope,
    verify_envelope,
)
from homevault.protocol.errors import ProtocolError

log = logging.getLogger(__name__)
REMEMBERED = 4_096

Handler = Callable[[Envelope, bytes, Site], Any]
_handlers: dict[str, Handler] = {}
_busy: dict[str, asyncio.Future[None]] = {}
_recent: OrderedDict[tuple[str, str], None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Peer:
    """Another site and the key it proved."""

    site: Site
    key: str


def register(type: str, handler: Handler) -> None:
    """Say who takes envelopes of this type from other sites; call it from AppConfig.ready()."""
    _handlers[type] = handler


async def answer(raw: bytes, peer: Peer) -> bytes | None:
    """Handle what came on a link; the envelope to send back, if any. Never raises a ProtocolError."""
    try:
        envelope = read_envelope(raw)
    except ProtocolError as error:
        return None if _is_error(raw) else replies.unreadable(peer.site, peek_id(raw), error)
    try:
        await handle(envelope, peer)
    except ProtocolError as error:
        log.info("%s from %s refused: %s", envelope.type, here.name(peer.site), error)
        return None if envelope.type == "error" else replies.refused(envelope, error)
    return replies.accepted(peer.site, envelope.id) if envelope.mail else None


async def handle(envelope: Envelope, peer: Peer) -> None:
    """Judge and handle an envelope; when this returns, mail is durable here. Raises ProtocolError."""
    judge(envelope, peer)
    handler = _handlers.get(envelope.type)
    if handler is None:
        raise ProtocolError("refused", f"{envelope.type} is not taken from sites")
    try:
        await (_once(envelope, handler, peer) if envelope.mail else _now(envelope, handler, peer))
    except ProtocolError:
        raise
    except Exception as error:
        log.exception("handling %s from %s failed", envelope.type, here.name(peer.site))
        raise ProtocolError("internal") from error


def judge(envelope: Envelope, peer: Peer) -> None:
    """Raises ProtocolError unless `peer` may say this here and now, and says it itself."""
    blocks.check_site(peer.site)
    if envelope.from_.site != peer.site:
        raise ProtocolError("wrong_sender", "from")
    if not envelope.from_.username and envelope.from_device != peer.key:
        raise ProtocolError("wrong_sender", "from_device")
    if envelope.to.site != here.site():
        raise ProtocolError("unknown_recipient", "to")
    check_time(envelope, clock.now())
    verify_envelope(envelope)


async def _once(envelope: Envelope, handler: Handler, peer: Peer) -> None:
    """A copy that comes while the first is being handled shares its fate."""
    name = envelope_hash(envelope)
    task = _busy.get(name)
    if task is None:
        task = _busy[name] = asyncio.ensure_future(_unless_copy(envelope, handler, peer))
        task.add_done_callback(lambda _: _busy.pop(name, None))
    await asyncio.shield(task)


async def _unless_copy(envelope: Envelope, handler: Handler, peer: Peer) -> None:
    if await threads.run(received.is_copy, envelope):
        return
    await _call(envelope, handler, peer)
    await threads.run(received.record, envelope)


async def _now(envelope: Envelope, handler: Handler, peer: Peer) -> None:
    name = (envelope.from_device, envelope.id)
    if name in _recent:
        return
    _recent[name] = None
    if len(_recent) > REMEMBERED:
        _recent.popitem(last=False)
    await _call(envelope, handler, peer)


async def _call(envelope: Envelope, handler: Handler, peer: Peer) -> None:
    if inspect.iscoroutinefunction(handler):
        await handler(envelope, envelope.raw, peer.site)
    else:
        await threads.work(handler, envelope, envelope.raw, peer.site)


def _is_error(raw: bytes) -> bool:
    """Errors are never answered, not even bad ones."""
    try:
        return bool(orjson.loads(raw)["type"] == "error")
    except (ValueError, LookupError, TypeError):
        return False
