"""A world for the end-to-end stories: two real sites, a vault for each, and one real Chromium."""

from __future__ import annotations

import queue
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from deploy.local.processes import Site, Vault, fetch_allow, free_port
from tests.sites import start

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
T = TypeVar("T")
expect.set_options(timeout=15_000)


def until(look: Callable[[], T], seconds: float = 20.0, what: str = "") -> T:
    """Look again and again until the answer is truthy; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds:.0f} s: {what or look}")
        time.sleep(0.05)


@dataclass
class Home:
    """One person's site and vault, and what the vault printed."""

    site: Site
    vault: Vault
    lines: queue.Queue[str] = field(default_factory=queue.Queue)

    def start(self) -> None:
        self.site.start()
        self.site.wait_ready()
        self.start_vault()

    def start_vault(self) -> None:
        self.vault.on_line = self.lines.put
        self.vault.start()

    def stop(self) -> None:
        self.vault.stop()
        self.site.stop()

    def printed(self, start: str, seconds: float = 20.0) -> str:
        """The next line of the vault that starts with `start`."""
        deadline = time.monotonic() + seconds
        while True:
            line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            if line.startswith(start):
                return line


@dataclass
class World:
    """Two homes that know only each other."""

    first: Home
    second: Home

    @property
    def homes(self) -> tuple[Home, Home]:
        return self.first, self.second


def make_world(folder: Path) -> World:
    hosts = {"first": "localhost", "second": "127.0.0.2"}
    sites = [Site(name, host, free_port(host) or 0, folder / name) for name, host in hosts.items()]
    homes = []
    for site in sites:
        site.fetch_allow = fetch_allow(sites)
        homes.append(Home(site, Vault(f"vault of {site.name}", site, folder / f"{site.name}-vault")))
    start(*sites)
    for home in homes:
        home.start_vault()
    return World(*homes)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("world"))
    yield made
    for home in made.homes:
        home.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "Chromium is missing; `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Faults:
    """What went wrong in the pages of a context: uncaught errors and what the console calls errors.
    That a site is away for a moment is no error of the page."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        answers = (
            "the server responded with a status of",
            "net::ERR_INTERNET_DISCONNECTED",
            "net::ERR_CONNECTION_REFUSED",
        )
        expected = any(one in message.text for one in answers)
        if message.type == "error" and not expected:
            self.seen.append(message.text)


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """One browser in which both owners are logged in; fails on any script error or blocked resource."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(15_000)
    faults = Faults()
    made.on("page", faults.watch)
    yield made
    made.close()
    assert not faults.seen, faults.seen
