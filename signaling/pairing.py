"""Newcomers that wait to be paired (SPEC 4.8): each proved a key and has a slot; `pair` is all it may say.

A vault belongs to nobody yet; a browser is that of the member who is logged in with it, and only this member
hears of it. It may answer only devices that wrote to its slot, the PARTNERS
latest of them; everything else it sends is refused.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, new_id, peek_id, read_envelope
from homevault.protocol.errors import ProtocolError
from signaling import answers, bus
from signaling.connection import CLOSE_TOO_MANY, Connection
from signaling.limits import Bucket, Meter, limits
from signaling.registry import registry
from signaling.wire import Wire

PARTNERS = 8
NEWS_SECONDS = 1.0
ROOT = "root"


class Newcomer:
    """A `pairing` socket; `key` is what it proved, `site` the address it may write from, `username` whose
    browser it is, empty for a vault."""

    def __init__(self, wire: Wire, key: str, site: Address, meter: Meter, username: str = "") -> None:
        self.slot = new_id(answers.random)
        self.since = answers.clock.now()
        self.key = key
        self.username = username
        self._wire = wire
        self._site = site
        self._meter = meter
        self._errors = Bucket(limits().errors_rate, limits().errors_burst)
        self._partners: OrderedDict[str, None] = OrderedDict()

    def give(self, partner: str, raw: bytes) -> None:
        """A `pair` envelope from a device, which may be answered from now on."""
        self._partners[partner] = None
        self._partners.move_to_end(partner)
        if len(self._partners) > PARTNERS:
            self._partners.popitem(last=False)
        self._wire.write(raw)

    def take(self, raw: bytes) -> None:
        """One text message from the vault."""
        try:
            if not self._meter.take(len(raw)):
                raise ProtocolError("too_many")
            self._pass(read_envelope(raw))
        except ProtocolError as error:
            self._refuse(peek_id(raw), error)

    def _pass(self, env: Envelope) -> None:
        if env.from_ != self._site or env.from_device != self.key:
            raise ProtocolError("wrong_sender", "from")
        partner = env.to_device or ""
        if env.type != "pair" or env.data["slot"] != self.slot or partner not in self._partners:
            raise ProtocolError("refused", "to")
        connection = registry.find(partner)
        if connection is None:
            bus.live(partner, env.raw)
        elif connection.address == env.to:
            connection.write(env.raw)

    def _refuse(self, ref: str | None, problem: ProtocolError) -> None:
        if self._errors.take():
            self._wire.write(answers.error(self._site, self.key, ref, problem).raw)
        else:
            self._wire.end(CLOSE_TOO_MANY)

    def binary(self) -> None:
        self._refuse(None, ProtocolError("schema", "binary message"))

    def full(self) -> None:
        self._wire.end(CLOSE_TOO_MANY)


slots: dict[str, Newcomer] = {}


async def join(vault: Newcomer) -> None:
    """The caller says `welcome` before it waits for anything else."""
    await bus.slot_opened(vault.slot, vault.since, vault.username)
    slots[vault.slot] = vault
    _tell_news()


def leave(vault: Newcomer) -> None:
    if slots.pop(vault.slot, None) is not None:
        bus.slot_closed(vault.slot, vault.since, vault.username)
        _tell_news()


async def to_vault(connection: Connection, env: Envelope) -> None:
    """Hand a device's `pair` envelope to the vault in its slot; `refused` if nobody waits there."""
    slot = env.data["slot"]
    vault = slots.get(slot)
    if vault is not None:
        vault.give(connection.device, env.raw)
    elif not await bus.to_slot(slot, connection.device, env.raw):
        raise ProtocolError("refused", "slot")


def waiting(username: str = "") -> list[dict[str, object]]:
    """The vaults waiting now and the browsers of this member, the longest first: slot, since (milliseconds
    since 1970), role, name (not known yet). Callable in any thread."""
    here = {each.slot: (each.since, each.username) for each in list(slots.values())}
    found = sorted((here | bus.slots()).items(), key=_since)
    return [
        {"slot": slot, "since": since, "role": "member" if whose else "vault", "name": ""}
        for slot, (since, whose) in found
        if whose in ("", username)
    ]


def _since(entry: tuple[str, tuple[int, str]]) -> tuple[int, str]:
    slot, (since, _) = entry
    return since, slot


_news: asyncio.TimerHandle | None = None


def _tell_news() -> None:
    """Tell the devices that could pair, at most once a NEWS_SECONDS."""
    global _news
    if _news is None or _news.cancelled():
        _news = asyncio.get_running_loop().call_later(NEWS_SECONDS, _tell_now)


def _tell_now() -> None:
    global _news
    _news = None
    for connection in list(registry.devices.values()):
        if connection.role == ROOT:
            connection.tell("changed", {"topic": "vaults"})
