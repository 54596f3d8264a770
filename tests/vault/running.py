"""A vault run inside the test, or as a process that may be killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from homevault.agent import runner
from homevault.agent.config import read_config
from homevault.agent.folder import prepare_folder
from homevault.storage.sqlite.database import Database, open_readonly
from tests.vault.small_site import PATIENCE, SmallSite, until

ROOT = Path(__file__).resolve().parents[2]


class RunningVault:
    """The agent in this process, on a folder; `device` once it is paired."""

    def __init__(self, folder: Path, site: SmallSite) -> None:
        self.folder = folder
        self.site = site
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        prepare_folder(self.folder)
        config = read_config({}, self.folder, self.site.origin, "attic")
        self._task = asyncio.create_task(runner._work(config, False))

    async def stop(self) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    @contextlib.contextmanager
    def database(self) -> Iterator[Database]:
        reader = open_readonly(self.folder)
        try:
            yield reader
        finally:
            reader.close()

    def count(self, table: str) -> int:
        with self.database() as reader:
            return reader.number(f"SELECT count(*) FROM {table}")

    @property
    def device(self) -> str:
        with self.database() as reader:
            return str(reader.one("SELECT device FROM account")["device"])

    @property
    def mailbox(self) -> dict[str, bytes]:
        return self.site.mailboxes.get(self.device, {})

    async def linked(self) -> None:
        """The vault is on its link and has published prekeys."""
        device = self.device
        await until(lambda: any(device in each.one_time for each in self.site.members.values()))
        await until(lambda: device in self.site.sockets)


class VaultProcess:
    """`python -m homevault.agent` on a folder, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.child: asyncio.subprocess.Process | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "homevault.agent", *arguments, "--data", str(self.folder)]

    async def start(self, *arguments: str) -> None:
        log = (self.folder.parent / "vault.log").open("ab")
        self.child = await asyncio.create_subprocess_exec(
            *self.command("run", *arguments), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
        )
        log.close()

    async def line(self, beginning: str) -> str:
        """The next line of standard output that begins so."""
        assert self.child is not None
        assert self.child.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await self.child.stdout.readline()).decode():
                if line.startswith(beginning):
                    return line.strip()
        raise AssertionError(f"ended without a line {beginning!r}")

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        """Another command beside it: exit status, output, errors."""
        child = await asyncio.create_subprocess_exec(
            *self.command(*arguments),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "TERM": "dumb"},
        )
        out, errors = await child.communicate()
        return child.returncode or 0, out.decode(), errors.decode()

    async def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.child is not None
        if self.child.returncode is None:
            os.kill(self.child.pid, number)
        async with asyncio.timeout(PATIENCE):
            return await self.child.wait()
