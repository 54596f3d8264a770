"""Wiring: `run` (pair if need be, then serve for ever) and `pair` (pair and end)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from dataclasses import replace

from homevault.agent import log, terminal
from homevault.agent.config import Config
from homevault.agent.device import Device
from homevault.agent.errors import Trouble
from homevault.agent.folder import DeviceKeys, load_keys, load_or_make_keys, prepare_folder, running
from homevault.agent.own import own_of
from homevault.agent.pairing import Hooks, WaitingVault
from homevault.agent.parts import together
from homevault.agent.store import Store
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.pairing import Enrolment
from homevault.protocol.ports import SystemClock, SystemRandom
from homevault.storage.sqlite import account, contacts
from homevault.storage.sqlite.account import Pairing
from homevault.storage.sqlite.database import Database, StorageError
from homevault.transport.relay.keep import keep_linked
from homevault.transport.relay.link import Dial, LinkError
from homevault.transport.relay.origin import Origin, parse_origin
from homevault.transport.relay.site_document import rotated

CLOCK = SystemClock()
RANDOM = SystemRandom()


def run(config: Config, *, only_pair: bool = False) -> None:
    """Hold the data folder and work until SIGINT or SIGTERM, or until paired if `only_pair`; Trouble."""
    os.umask(0o077)
    prepare_folder(config.data)
    with running(config.data):
        try:
            asyncio.run(_until_told(_work(config, only_pair)))
        except StorageError as error:
            raise Trouble("newer_database" if error.code == "newer_database" else "database") from error


async def _until_told(work: Coroutine[None, None, None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await together(work, told.wait())


async def _work(config: Config, only_pair: bool) -> None:
    async with Store(config.data) as store:
        pairing = await store.read(account.load)
        if pairing is None:
            keys = load_or_make_keys(config.data, RANDOM)
            pairing = await _pair(config, store, keys)
        elif only_pair:
            raise Trouble("already_paired")
        else:
            keys = _keys_of(config, pairing)
        if not only_pair:
            await _serve(store, pairing, keys)


def _keys_of(config: Config, pairing: Pairing) -> DeviceKeys:
    if config.site and config.site.text != pairing.origin:
        raise Trouble("other_site", pairing.origin)
    keys = load_keys(config.data)
    if keys.sign.public != pairing.device:
        raise Trouble("key_file", "another device's key")
    return keys


async def _pair(config: Config, store: Store, keys: DeviceKeys) -> Pairing:
    if config.site is None:
        raise Trouble("site_needed")
    origin = config.site

    async def save(enrolment: Enrolment) -> None:
        await store.write(_save_pairing, enrolment, origin)

    ask = _ask if terminal.interactive() else None
    hooks = Hooks(terminal.show_code, ask, save)
    waiting = WaitingVault(keys, config.name, origin, CLOCK, RANDOM, hooks)
    dial = Dial(origin, "pairing", origin.site, None)
    terminal.say(f"waiting to be paired at {origin.text}: open House, Vault there")
    await keep_linked(lambda: dial, keys.sign, waiting.serve, _report, RANDOM)
    pairing = await store.read(account.load)
    assert pairing is not None
    terminal.say(f"paired with {Address.from_wire(parse(pairing.address))}")
    return pairing


async def _ask(code: str) -> bool:
    return await terminal.confirm("Does your browser show the same code?")


def _save_pairing(database: Database, enrolment: Enrolment, origin: Origin) -> None:
    now = CLOCK.now()
    own = enrolment.certificate
    address = canonical(enrolment.address.wire())
    account.save(
        database,
        Pairing(own.account, own.device, canonical(own.wire), address, origin.text, enrolment.site_key, now),
    )
    contacts.save(database, own.account, canonical(enrolment.list.wire), enrolment.list.number, now)
    contacts.see_at(database, str(enrolment.address), own.account, now)
    account.note(database, "listed", 1)


async def _report(error: LinkError) -> None:
    log.warn("not_linked", code=error.code, detail=error.detail)


async def _serve(store: Store, pairing: Pairing, keys: DeviceKeys) -> None:
    own = own_of(pairing, keys, CLOCK, RANDOM)
    dial = Dial(parse_origin(pairing.origin), "device", own.address, pairing.site_key)

    async def failed(error: LinkError) -> None:
        nonlocal dial
        await _report(error)
        if error.code == "not_proven":
            dial = await _with_present_key(store, dial)
        if error.code != "database":
            await store.write(_note_failure, error.code)

    await keep_linked(lambda: dial, keys.sign, Device(own, store).serve, failed, RANDOM)


async def _with_present_key(store: Store, dial: Dial) -> Dial:
    """Another key of the own site is dialled only if signed rotations lead to it from the known one."""
    key = await rotated(dial.origin, dial.site_key or "")
    if key is None:
        return dial
    await store.write(account.follow_site, key)
    log.info("site_key_rotated")
    return replace(dial, site_key=key)


def _note_failure(database: Database, code: str) -> None:
    account.note(database, "trouble", code)
