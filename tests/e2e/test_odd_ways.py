"""Besides the straight way: a reload in the middle, pairing late, a second browser, a lost server."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import World, until
from tests.e2e.person import PASSWORD, Person

LONG = ("Långe 灯笼 🏮 " * 700).strip()


@dataclass
class Two:
    alice: Person
    bob: Person


@pytest.fixture(scope="module")
def two(world: World, context: BrowserContext) -> Two:
    return Two(
        Person("Alice", world.first, context.new_page()),
        Person("Bob", world.second, context.new_page()),
    )


def events_kept(person: Person) -> int:
    return json.loads(person.home.vault.run("status", "--json"))["events"]


def test_first_run_goes_on_where_a_reload_left_it(two: Two) -> None:
    """Also: the vault can wait, and a word that was not written down right is not taken."""
    for person in (two.alice, two.bob):
        person.open_setup()
        person.choose_name()
        expect(person.page.locator(".words-word")).to_have_count(24)
        before = person.page.locator(".words-word").all_inner_texts()
        person.page.reload()
        expect(person.page.get_by_text("These are new words")).to_be_visible()
        assert person.page.locator(".words-word").all_inner_texts() != before
    alice = two.alice
    alice.press("I have written them down")
    for field in alice.page.get_by_label(re.compile(r"^Word \d+$")).all():
        field.fill("wrong")
    alice.press("Continue")
    expect(alice.page.get_by_text("Look at your paper again").first).to_be_visible()
    alice.press("Look at the words again")
    for person in (alice, two.bob):
        person.write_phrase_down()
        expect(person.page.get_by_role("heading", name="A second factor")).to_be_visible()
        person.page.reload()
        expect(person.page.get_by_role("heading", name="A second factor")).to_be_visible()
        person.skip_second_factor()
        expect(person.page.get_by_role("heading", name="Pair your vault")).to_be_visible()
        person.page.reload()
        expect(person.page.get_by_role("heading", name="Pair your vault")).to_be_visible()
        person.press_link("Do this later")
        person.expect_light("Connected")


def test_codes_that_differ_pair_nothing(two: Two) -> None:
    alice = two.alice
    alice.visit("/app/house/vault")
    alice.press("Pair this vault")
    alice.home.printed("pairing code")
    alice.press("They differ")
    expect(alice.page.get_by_text("Nothing was paired")).to_be_visible()
    assert not json.loads(alice.home.vault.run("status", "--json"))["paired"]


def test_a_declined_request_is_quiet(two: Two) -> None:
    two.alice.message(two.bob.address)
    two.alice.say("May I?")
    two.bob.open_talk_with("Alice")
    two.bob.press("Decline")
    expect(two.bob.page.get_by_text("No conversations yet")).to_be_visible()
    two.bob.page.reload()
    expect(two.bob.page.get_by_text("No conversations yet")).to_be_visible()
    expect(two.alice.page.get_by_text(re.compile("declined", re.I))).to_have_count(0)


def test_whoever_declined_may_open_it_after_all(two: Two) -> None:
    two.bob.look_up(two.alice.address)
    two.bob.press("Message")
    two.bob.press("Accept")
    expect(two.bob.bubble("May I?")).to_be_visible()
    two.alice.expect_mark("May I?", "Delivered")


def test_long_words_of_the_world_arrive_whole(two: Two) -> None:
    alice, bob = two.alice, two.bob
    alice.open_talk_with("Bob")
    bob.say(LONG)
    sent = bob.page.locator(".bubble").last.inner_text()
    until(lambda: alice.page.locator(".bubble").last.inner_text() == sent, what="the same long text")
    alice.say("<img src=x onerror=alert(1)> & *stars*")
    expect(bob.bubble("<img src=x onerror=alert(1)> & *stars*")).to_be_visible()


def test_a_vault_paired_late_gets_the_history(two: Two) -> None:
    alice = two.alice
    alice.visit("/app/house/vault")
    alice.pair_vault()
    until(lambda: events_kept(alice) >= 4, what="the history in the vault")
    assert json.loads(alice.home.vault.run("search", "灯笼", "--json"))["hits"]


def test_a_second_browser_by_password_shows_public_things_only(two: Two, chromium: Browser) -> None:
    other = chromium.new_context()
    other.set_default_timeout(15_000)
    page = other.new_page()
    second = Person("Alice", two.alice.home, page)
    second.visit("/app/")
    page.get_by_label("Name in your address").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    second.press("Log in")
    expect(page.get_by_role("button", name="Porch light: Not linked").first).to_be_visible()
    second.visit("/app/talk")
    expect(page.get_by_text("This browser holds no key of yours")).to_be_visible()
    second.post("Written where no key is")
    other.close()


def test_two_tabs_are_one_device(two: Two, context: BrowserContext) -> None:
    alice, bob = two.alice, two.bob
    bob.open_talk_with("Alice")
    alice.open_talk_with("Bob")
    tab = Person("Alice", alice.home, context.new_page())
    tab.open_talk_with("Bob")
    tab.say("from the second tab")
    alice.say("from the first tab")
    for text in ("from the second tab", "from the first tab"):
        expect(bob.bubble(text)).to_have_count(1)
        expect(alice.bubble(text)).to_have_count(1)
        expect(tab.bubble(text)).to_have_count(1)
    tab.page.close()


def test_when_the_server_is_gone_words_wait_here(two: Two) -> None:
    alice, bob = two.alice, two.bob
    alice.open_talk_with("Bob")
    alice.home.site.child.kill()
    alice.expect_light("Not connected")
    alice.say("written in the dark")
    assert alice.mark_of("written in the dark") == "Waiting to be sent"
    alice.home.site.start()
    alice.home.site.wait_ready()
    connected = alice.page.get_by_role("button", name="Porch light: Connected").first
    expect(connected).to_be_visible(timeout=60_000)
    expect(bob.bubble("written in the dark")).to_be_visible(timeout=60_000)
    alice.expect_mark("written in the dark", "Delivered", 60)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("not an address", "That is neither an address nor a web address"),
        ("@nobody@127.0.0.2:1", "There is nothing to follow there"),
        ("http://169.254.169.254/latest", "There is nothing to follow there"),
    ],
)
def test_looking_up_nonsense_says_so(two: Two, typed: str, said: str) -> None:
    two.alice.look_up(typed)
    expect(two.alice.page.get_by_text(said)).to_be_visible()
