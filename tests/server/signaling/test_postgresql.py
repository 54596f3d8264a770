"""The mailboxes on PostgreSQL: the same promises, with two processes writing at once."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.signaling.conftest import Join
from tests.server.signaling.test_mailbox import reconnected
from tests.server.signaling.test_processes import SecondProcess, at
from tests.server.signaling.world import Relay, free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
pytestmark = pytest.mark.skipif(not PROGRAMS, reason="no PostgreSQL here")


class Cluster:
    """A database server of our own in `folder`, run as `postgres` where we are root."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def run(self, program: str, *arguments: str) -> None:
        command = [str(PROGRAMS[-1] / program), *arguments]
        user = self.user if os.geteuid() == 0 else None
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, user=user)

    def start(self) -> None:
        shutil.chown(self.folder, self.user)
        self.run("initdb", "-A", "trust", "-U", "porchlight", "-D", str(self.folder / "data"))
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "immediate", "-D", str(self.folder / "data"), "stop")

    @property
    def url(self) -> str:
        return f"postgres://porchlight@127.0.0.1:{self.port}/postgres"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Relay, Relay]]:
    """Two processes of one site on one database, without Redis."""
    folder = Path("/tmp") / f"porchlight-pg-{os.getpid()}"
    folder.mkdir()
    cluster = Cluster(folder)
    cluster.start()
    limits = {"mailbox_bytes": 3_000_000}
    first = Relay(tmp_path_factory.mktemp("site"), limits=limits, extra={"DATABASE_URL": cluster.url})
    first.prepare()
    first.start()
    second = SecondProcess(
        first.folder, limits=limits, extra=first.extra, members=first.members, key=first.key
    )
    second.site_port = first.port
    second.start()
    yield first, second
    first.stop()
    second.stop()
    cluster.stop()
    shutil.rmtree(folder)


Two = tuple[Relay, Relay]


async def test_mail_is_kept_pushed_in_order_and_gone_after_the_ack(two: Two, join: Join) -> None:
    alice, vault = await join(two[0].device("alice")), two[0].device("alice", "vault")
    letters = [alice.device.mail(vault, size=size) for size in range(100)]
    await alice.send(*letters, letters[0])
    await alice.accepted(*letters, letters[0])
    at_home = await join(vault)
    for letter in letters:
        await at_home.receives(letter)
        await at_home.send(vault.ack(letter))
    again = await reconnected(at_home, join)
    await again.nothing_before(alice)


async def test_strangers_duplicates_and_the_quota(two: Two, join: Join) -> None:
    alice, bob = await join(two[0].device("ann")), await join(two[0].device("ben"))
    letter, ask, more = (alice.device.mail(bob.device, type=kind) for kind in ("mail", "request", "request"))
    await alice.send(letter)
    await alice.refused("refused", letter.id)
    await alice.send(ask)
    await alice.accepted(ask)
    await alice.send(more)
    await alice.refused("request_pending", more.id)
    await bob.receives(ask)
    answer = bob.device.mail(alice.device)
    await bob.send(answer)
    await bob.accepted(answer)
    large = [alice.device.mail(bob.device, size=40_000) for _ in range(60)]
    await alice.send(*large)
    answers = [(await alice.next()).type for _ in range(61)]
    assert answers.count("accepted") == 3_000_000 // len(large[0].raw)
    assert answers.count("error") > 0


async def test_two_processes_write_at_once_and_lose_nothing(two: Two, join: Join) -> None:
    vault = two[0].device("cleo", "vault")
    senders = [await join(at(two[number % 2], two[0].device("cleo"))) for number in range(6)]
    letters = {sender.device.id: [sender.device.mail(vault) for _ in range(50)] for sender in senders}

    async def mail(number: int) -> None:
        mine = letters[senders[number].device.id]
        await senders[number].send(*mine)
        await senders[number].accepted(*mine)

    await asyncio.gather(*(mail(number) for number in range(6)))
    waiting = {sender: [letter.raw for letter in sent] for sender, sent in letters.items()}
    at_home = await join(at(two[1], vault))
    for _ in range(300):
        env = await at_home.next()
        assert waiting[env.from_device].pop(0) == env.raw
        await at_home.send(vault.ack(env))
    again = await reconnected(at_home, join)
    await again.nothing_before(await join(at(two[1], two[0].device("cleo"))))
