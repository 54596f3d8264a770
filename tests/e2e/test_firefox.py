"""The core of it in Firefox: moving in, writing, reading, following, commenting and talking."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.processes import Site, fetch_allow, free_port
from tests.e2e.conftest import until
from tests.e2e.firefox import SECONDS, Firefox, Tab, firefox
from tests.e2e.person import PASSWORD
from tests.sites import start

WORDS = "() => JSON.stringify([...document.querySelectorAll('.words-word')].map(one => one.innerText))"
ASKED = "() => JSON.stringify([...document.querySelectorAll('label')].map(one => one.innerText))"
FIRST_TALK = """() => {
    const link = document.querySelector('.talk-list a');
    link?.click();
    return Boolean(link);
}"""
COMMENTS = """() => {
    const toggle = document.querySelector('article button[aria-controls$=comments]');
    toggle?.click();
    return Boolean(toggle);
}"""


@dataclass
class Neighbour:
    """The owner of a site, in a tab of Firefox."""

    name: str
    site: Site
    tab: Tab

    @property
    def address(self) -> str:
        return f"@{self.name.lower()}@{self.site.host}:{self.site.port}"

    def visit(self, path: str) -> None:
        self.tab.visit(f"{self.site.origin}{path}")

    def move_in(self) -> None:
        link = self.site.setup_link()
        assert link
        self.tab.visit(link)
        self.tab.fill("Your name", self.name)
        self.tab.fill("Password", PASSWORD)
        self.tab.press("Continue")
        words = until(lambda: json.loads(self.tab.call(WORDS)), SECONDS, "24 words")
        assert len(words) == 24
        self.tab.press("I have written them down")
        asked = until(lambda: re.findall(r"Word (\d+)", self.tab.call(ASKED)), SECONDS, "words asked for")
        for number in asked:
            self.tab.fill(f"Word {number}", words[int(number) - 1])
        self.tab.press("Continue")
        self.tab.press("Continue without")
        self.tab.press("Do this later")

    def post(self, text: str) -> None:
        self.visit("/app/")
        self.tab.fill("Text of your post", text)
        self.tab.press("Publish")
        self.tab.expect(text)

    def look_up(self, address: str) -> None:
        self.visit("/app/people")
        self.tab.fill("Find somebody", address)
        self.tab.press("Look up")

    def say(self, to: str, text: str) -> None:
        self.tab.fill(f"Message to {to}", text)
        self.tab.press("Send")
        self.tab.expect(text)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox") / "profile") as made:
        yield made
    assert not made.faults


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Site]]:
    folder: Path = tmp_path_factory.mktemp("sites")
    hosts = ("localhost", "127.0.0.2")
    made = [Site(host, host, free_port(host) or 0, folder / host) for host in hosts]
    for site in made:
        site.fetch_allow = fetch_allow(made)
    start(*made)
    yield made
    for site in made:
        site.stop()


def test_two_neighbours_in_firefox(browser: Firefox, sites: list[Site]) -> None:
    alice = Neighbour("Alice", sites[0], browser.tab())
    bob = Neighbour("Bob", sites[1], browser.tab())
    alice.move_in()
    bob.move_in()

    alice.post("The lamp is lit tonight.")
    reader = browser.tab()
    reader.visit(f"{sites[0].origin}/@alice")
    reader.expect("The lamp is lit tonight.")

    bob.look_up(alice.address)
    bob.tab.press("Follow")
    bob.tab.expect("Stop following")
    bob.visit("/app/")
    bob.tab.expect("The lamp is lit tonight.")
    until(lambda: bob.tab.call(COMMENTS), SECONDS, "comments")
    bob.tab.fill("Your comment", "A good light.")
    bob.tab.press("Send comment")
    alice.visit("/app/waiting")
    alice.tab.expect("A good light.")
    alice.tab.press("Approve")

    bob.look_up(alice.address)
    bob.tab.press("Message")
    bob.say("Alice", "May I come in?")
    alice.visit("/app/talk")
    until(lambda: alice.tab.call(FIRST_TALK), SECONDS, "a conversation")
    alice.tab.press("Accept")
    alice.tab.expect("May I come in?")
    alice.say("Bob", "The door is open.")
    bob.tab.expect("The door is open.")
