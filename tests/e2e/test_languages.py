"""Chinese and Arabic: chosen in the house, kept, mirrored where the language runs from right to left.

`EVERY_SCREEN=1` photographs all places in both languages; without it, those that differ most.
"""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.camera import photograph
from tests.e2e.conftest import World
from tests.e2e.person import Person

FEW = ("", "people", "talk", "house")
ROOMS = ("profile", "posts", "security", "devices", "vault", "files", "language", "site", "moderation")
EVERY = (*FEW, "waiting", "drafts", "recent", "search", "setup", *(f"house/{room}" for room in ROOMS))
PLACES = EVERY if os.environ.get("EVERY_SCREEN") else FEW
LANGUAGES = {"ar": ("rtl", "البيت", "محادثة مع"), "zh": ("ltr", "家", "的对话")}


@pytest.fixture(scope="module")
def alice(world: World, context: BrowserContext) -> Person:
    """She has a post with an answer that waits, and a conversation."""
    alice = Person("Alice", world.first, context.new_page())
    bob = Person("Bob", world.second, context.new_page())
    for person in (alice, bob):
        person.set_up()
    alice.post("The lamp is lit, and the kettle is on.", title="First evening")
    bob.follow(alice.address)
    bob.visit("/app/")
    bob.comment("The lamp is lit", "Good light tonight.")
    alice.message(bob.address)
    alice.say("Are you coming over on Sunday?")
    bob.open_talk_with("Alice")
    bob.press("Accept")
    bob.say("نعم، ومعي الخبز. (16:30?)")
    expect(alice.bubble("الخبز")).to_be_visible()
    return alice


def choose(alice: Person, language: str) -> None:
    alice.visit("/app/house/language")
    with alice.page.expect_response("**/api/v1/me/language"):
        alice.page.locator(".language select").select_option(language)
    expect(alice.page.locator(f"html[lang={language}]")).to_be_attached()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language(alice: Person, language: str) -> None:
    direction, house, conversation = LANGUAGES[language]
    page = alice.page
    choose(alice, language)
    for place in PLACES:
        alice.visit(f"/app/{place}")
        expect(page.locator(f"html[lang={language}][dir={direction}]")).to_be_attached()
        expect(page.locator("main h1, main .failure").first).to_be_attached()
        expect(page.locator(".skeleton")).to_have_count(0)
        photograph(page, f"{language}-{re.sub('[^a-z]+', '-', place) or 'porch'}")
    alice.visit("/app/house")
    expect(page.get_by_role("heading", name=house, exact=True)).to_be_visible()
    rail = page.locator("nav").first.bounding_box()
    assert rail
    assert (rail["x"] > 1280 / 2) == (direction == "rtl")
    alice.visit("/app/talk")
    page.locator("main a[href*='/talk/']").first.click()
    expect(page.get_by_label(re.compile(conversation)).first).to_be_visible()
    photograph(page, f"{language}-conversation")


def test_english_again(alice: Person) -> None:
    choose(alice, "en")
    alice.visit("/app/")
    expect(alice.page.get_by_role("heading", name="Porch", exact=True)).to_be_visible()
