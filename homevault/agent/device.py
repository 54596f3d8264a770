"""The paired vault on its link: every envelope goes to the part that knows what to do with it.

Promise: what is not mail counts only if the pinned site key signed it; anything unknown or broken is noted
and changes nothing.
"""

from __future__ import annotations

import sqlite3

from homevault.agent import log
from homevault.agent.asking import Questions
from homevault.agent.book import Book
from homevault.agent.courier import Courier
from homevault.agent.directory import Directory
from homevault.agent.housekeeping import Housekeeper
from homevault.agent.intake import Intake
from homevault.agent.opening import Opener
from homevault.agent.own import Own
from homevault.agent.parts import together
from homevault.agent.store import Store
from homevault.protocol.envelope import Envelope, read_envelope, verify_envelope
from homevault.protocol.errors import ProtocolError
from homevault.transport.relay.link import Link, LinkError


class Device:
    """Serves one link after the other; what it knows of people and swarms stays between them."""

    def __init__(self, own: Own, store: Store) -> None:
        self._own = own
        self._store = store
        self._book = Book()
        self._questions = Questions(own.account, own.clock, self._book)
        self._opener = Opener(own, self._book, self._questions)
        self._link: Link | None = None
        self._directory = Directory(store, own, self._send)

    async def serve(self, link: Link) -> None:
        """Until the link breaks, or the store or this program fails: LinkError, so that it is tried anew."""
        self._link = link
        courier = Courier(self._own, self._store, self._directory, self._book, link.send)
        keeper = Housekeeper(
            self._own, self._store, self._directory, self._questions, self._send, courier.wake
        )
        intake = Intake(
            self._own, self._store, self._directory, self._opener, self._acknowledge, courier.wake
        )
        log.info("linked")
        try:
            await self._directory.load()
            reading = self._read(link, intake, courier, keeper)
            await together(reading, intake.run(), courier.run(), keeper.run())
        except LinkError:
            raise
        except sqlite3.Error as error:
            log.fault("store_failed", error)
            raise LinkError("database", type(error).__name__) from error
        except Exception as error:
            log.fault("link_failed", error)
            raise LinkError("internal", type(error).__name__) from error
        finally:
            self._link = None

    async def _read(self, link: Link, intake: Intake, courier: Courier, keeper: Housekeeper) -> None:
        async for raw in link.frames():
            try:
                envelope = read_envelope(raw)
                if envelope.mail:
                    await intake.offer(envelope)
                else:
                    _require_site(envelope, link.site_key)
                    await self._hear(envelope, courier, keeper)
            except ProtocolError as error:
                log.warn("envelope_refused", code=error.code)

    async def _hear(self, envelope: Envelope, courier: Courier, keeper: Housekeeper) -> None:
        data = envelope.data
        if envelope.type == "keys-result":
            self._directory.answered(envelope)
        elif envelope.type == "accepted":
            await courier.accepted(data["ref"])
        elif envelope.type == "changed":
            keeper.tell(data["topic"])
        elif envelope.type == "error":
            if data["ref"] is None:
                log.warn("site_reports", code=data["code"])
            elif not self._directory.failed(data["ref"], data["code"]):
                await courier.failed(data["ref"], data["code"])

    async def _send(self, envelope: Envelope) -> None:
        if self._link is None:
            raise LinkError("closed")
        await self._link.send(envelope.raw)

    async def _acknowledge(self, hashes: list[str]) -> None:
        await self._send(self._own.to_site("ack", {"hashes": hashes}))


def _require_site(envelope: Envelope, key: str) -> None:
    """It must be the own site's word, by the key that it proved."""
    if envelope.from_device != key:
        raise ProtocolError("wrong_sender", envelope.type)
    verify_envelope(envelope)
