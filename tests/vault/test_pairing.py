"""Pairing (SPEC 4.8) over real sockets: the code, the refusals, the terminal, what is stored at the end."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.pairing import HolderPairing
from homevault.protocol.sites import make_rotation
from homevault.storage.sqlite import account
from homevault.storage.sqlite.database import open_readonly
from tests.vault.people import RANDOM, Person
from tests.vault.running import ROOT, RunningVault, VaultProcess
from tests.vault.small_site import CLOCK, SmallSite, until


async def started(tmp_path: Path, site: SmallSite) -> RunningVault:
    running = RunningVault(tmp_path / "vault", site)
    running.start()
    await site.slot()
    return running


async def reply(site: SmallSite) -> tuple[str, dict[str, object]]:
    envelope = await asyncio.wait_for(site.from_vault.get(), 10)
    return envelope.data["step"], envelope.data["payload"]


async def test_pairing_stores_everything_at_once_in_a_private_folder(
    tmp_path: Path, site: SmallSite, alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    running = await started(tmp_path, site)
    code = await alice.pair()
    await running.linked()
    assert f"pairing code {code[:3]} {code[3:]}" in capsys.readouterr().out.splitlines()
    with running.database() as reader:
        row = reader.one("SELECT * FROM account")
        assert (row["account"], row["site_key"], row["origin"]) == (
            alice.account,
            site.key.public,
            site.origin,
        )
        assert json.loads(row["certificate"]) == alice.certificates[-1]
        assert json.loads(row["address"]) == alice.address.wire()
    assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700
    for path in running.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    await running.stop()


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ({"site_key": SignKey.generate(RANDOM).public}, "not_proven"),
        ({"address": "elsewhere"}, "address"),
        ({"list": None}, "certificate_device"),
    ],
)
async def test_a_certificate_that_does_not_fit_ends_the_exchange(
    tmp_path: Path, site: SmallSite, alice: Person, lie: dict[str, object], code: str
) -> None:
    running = await started(tmp_path, site)
    if "address" in lie:
        lie = {"address": Person(site, "x").address.make("elsewhere.example", 443, "alice")}
    if "list" in lie:
        lie = {"list": alice.new_list()}
    with pytest.raises(ProtocolError) as error:
        await alice.pair(**lie)
    assert error.value.code == code
    assert running.count("account") == 0
    await running.stop()


async def test_one_exchange_at_a_time_and_five_an_hour(
    tmp_path: Path, site: SmallSite, alice: Person, bob: Person
) -> None:
    running = await started(tmp_path, site)
    slot = await site.slot()
    for _ in range(5):
        await alice.say_pair(slot, HolderPairing(alice.account, alice.browser.id, RANDOM).start())
        assert (await reply(site))[0] == "commit"
    await bob.say_pair(slot, HolderPairing(bob.account, bob.browser.id, RANDOM).start())
    assert await reply(site) == ("abort", {"code": "pairing_busy"})
    await alice.say_pair(slot, ("abort", {"code": "refused"}))
    await alice.say_pair(slot, HolderPairing(alice.account, alice.browser.id, RANDOM).start())
    assert await reply(site) == ("abort", {"code": "pairing_busy"})
    await running.stop()


async def test_a_swapped_nonce_and_a_borrowed_name_are_refused(
    tmp_path: Path, site: SmallSite, alice: Person, bob: Person
) -> None:
    running = await started(tmp_path, site)
    slot = await site.slot()
    await alice.say_pair(slot, HolderPairing(bob.account, bob.browser.id, RANDOM).start())
    assert await reply(site) == ("abort", {"code": "wrong_sender"})
    machine = HolderPairing(alice.account, alice.browser.id, RANDOM)
    await alice.say_pair(slot, machine.start())
    await reply(site)
    await alice.say_pair(slot, ("reveal", {"nonce": "A" * 22}))
    assert await reply(site) == ("abort", {"code": "pairing_commitment"})
    assert running.count("account") == 0
    await running.stop()


async def test_another_site_key_is_refused_and_hears_nothing(
    site: SmallSite, alice: Person, process: VaultProcess
) -> None:
    await process.start("--site", site.origin)
    await alice.pair()
    await process.line("paired with")
    await until(lambda: site.sent("prekeys"))
    await process.kill(signal.SIGTERM)
    heard, honest = len(site.heard), site.key
    site.key = SignKey.generate(RANDOM)
    await process.start()
    await until(lambda: _trouble(process) == "not_proven")
    assert len(site.heard) == heard
    site.key = honest
    await until(lambda: len(site.heard) > heard)
    await until(lambda: _trouble(process) == "")


async def test_a_site_key_that_the_old_one_vouches_for_is_followed(
    site: SmallSite, alice: Person, process: VaultProcess
) -> None:
    """Also by a vault that was off meanwhile, and it stays so."""
    await process.start("--site", site.origin)
    await alice.pair()
    await process.line("paired with")
    await until(lambda: site.sent("prekeys"))
    await process.kill(signal.SIGTERM)
    old, site.key = site.key, SignKey.generate(RANDOM)
    site.rotations = [make_rotation(site.address, old, site.key.public, CLOCK.now())]
    for _ in range(2):
        heard = len(site.heard)
        await process.start()
        await until(lambda heard=heard: len(site.heard) > heard)
        await process.kill(signal.SIGTERM)
        site.rotations = []
    assert _trouble(process) == ""


def _trouble(process: VaultProcess) -> object:
    reader = open_readonly(process.folder)
    try:
        return account.facts(reader).get("trouble")
    finally:
        reader.close()


class Terminal:
    """The vault on a terminal of its own."""

    def __init__(self) -> None:
        self.screen = ""
        self.master, self.slave = pty.openpty()
        asyncio.get_running_loop().add_reader(self.master, self._read)

    def _read(self) -> None:
        try:
            self.screen += os.read(self.master, 4096).decode(errors="replace")
        except OSError:
            asyncio.get_running_loop().remove_reader(self.master)

    async def start(self, process: VaultProcess, *arguments: str) -> None:
        process.child = await asyncio.create_subprocess_exec(
            *process.command(*arguments), cwd=ROOT, stdin=self.slave, stdout=self.slave, stderr=self.slave
        )
        os.close(self.slave)

    async def shows(self, text: str) -> None:
        await until(lambda: text in self.screen)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)


@pytest_asyncio.fixture
async def terminal() -> AsyncIterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


async def test_on_a_terminal_the_owner_says_no(
    site: SmallSite, alice: Person, process: VaultProcess, terminal: Terminal
) -> None:
    await terminal.start(process, "pair", "--site", site.origin)
    pairing = asyncio.create_task(alice.pair())
    await terminal.shows("same code?")
    terminal.type("n\n")
    with pytest.raises(ProtocolError) as error:
        await pairing
    assert error.value.code == "refused"


async def test_on_a_terminal_the_owner_says_yes_and_pair_ends(
    site: SmallSite, alice: Person, process: VaultProcess, terminal: Terminal
) -> None:
    await terminal.start(process, "pair", "--site", site.origin)
    pairing = asyncio.create_task(alice.pair())
    await terminal.shows("pairing code ")
    await terminal.shows("same code?")
    terminal.type("what?\n")
    await until(lambda: terminal.screen.count("same code?") == 2)
    terminal.type("y\n")
    code = await pairing
    await terminal.shows(f"paired with {alice.address}")
    assert f"pairing code {code[:3]} {code[3:]}" in terminal.screen
    assert process.child is not None
    assert await asyncio.wait_for(process.child.wait(), 10) == 0
    status, _, errors = await process.run("pair", "--site", site.origin)
    assert (status, "already_paired" in errors) == (1, True)
