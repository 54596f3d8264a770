"""A small site, two people, and a vault run inside the test or as a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.vault.people import Person
from tests.vault.running import RunningVault, VaultProcess
from tests.vault.small_site import SmallSite


@pytest_asyncio.fixture
async def site() -> AsyncIterator[SmallSite]:
    started = await SmallSite().start()
    yield started
    await started.stop()


@pytest.fixture
def alice(site: SmallSite) -> Person:
    return Person(site, "alice")


@pytest.fixture
def bob(site: SmallSite) -> Person:
    return Person(site, "bob")


@pytest_asyncio.fixture
async def vault(tmp_path: Path, site: SmallSite, alice: Person) -> AsyncIterator[RunningVault]:
    """Alice's vault, paired and linked."""
    running = RunningVault(tmp_path / "vault", site)
    running.start()
    await alice.pair()
    await running.linked()
    yield running
    await running.stop()


@pytest_asyncio.fixture
async def process(tmp_path: Path) -> AsyncIterator[VaultProcess]:
    made = VaultProcess(tmp_path / "vault")
    yield made
    if made.child is not None and made.child.returncode is None:
        await made.kill()
