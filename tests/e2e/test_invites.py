"""The owner invites a second person by a link; both then live on one site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from deploy.local.processes import Site, Vault, free_port
from tests.e2e.camera import photograph
from tests.e2e.conftest import Faults, Home
from tests.e2e.person import Person


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("invites")
    site = Site("first", "localhost", free_port("localhost") or 0, folder / "site")
    site.prepare()
    made = Home(site, Vault("vault", site, folder / "vault"))
    site.start()
    site.wait_ready()
    yield made
    site.stop()


@pytest.fixture
def bob(home: Home, chromium: Browser) -> Iterator[Person]:
    own = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    own.set_default_timeout(15_000)
    faults = Faults()
    own.on("page", faults.watch)
    yield Person("Bob", home, own.new_page())
    own.close()
    assert not faults.seen, faults.seen


def move_in(person: Person) -> None:
    """The first run from the name on, without second factor and vault."""
    person.choose_name()
    person.write_phrase_down()
    person.skip_second_factor()
    person.page.get_by_role("link", name="Do this later").click()


def test_a_second_person_moves_in_by_a_link(home: Home, context: BrowserContext, bob: Person) -> None:
    alice = Person("Alice", home, context.new_page())
    alice.open_setup()
    move_in(alice)
    alice.visit("/app/house/invites")
    expect(alice.page.get_by_text("No links yet")).to_be_visible()
    alice.page.get_by_label("Who it is for").fill("Testing<BAD>")
    alice.press("Make a link")
    link = alice.page.locator(".key").inner_text()
    photograph(alice.page, "invite-made")

    bob.page.goto(link)
    expect(bob.page.get_by_role("heading", name="Join")).to_be_visible()
    photograph(bob.page, "join")
    move_in(bob)
    bob.visit("/app/house")
    expect(bob.page.get_by_role("link", name="This site")).to_be_visible()
    expect(bob.page.get_by_role("link", name="Invites")).to_have_count(0)

    alice.page.reload()
    expect(alice.page.get_by_text("Testing<BAD>")).to_be_visible()
    expect(alice.page.get_by_text("Came by it: @bob")).to_be_visible()
    expect(alice.page.get_by_text("lets nobody in any more")).to_be_visible()
    photograph(alice.page, "invites")
