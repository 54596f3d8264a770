"""Every screen in its states: drawn, photographed and judged at phone and desktop width, light and dark.

What a site answers is real unless a state can only be had by an answer that does not come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.camera import photograph, taken
from tests.e2e.conftest import World
from tests.e2e.keyboard import Keyboard
from tests.e2e.person import PASSWORD, Person
from tests.e2e.places import is_at, places

API = re.compile(r"/api/v1/(timeline|follows|comments|people|vaults)")
PLACES = ("", "waiting", "people", "talk", "house/vault")


@pytest.fixture(scope="module")
def alice(world: World, context: BrowserContext) -> Person:
    return Person("Alice", world.first, context.new_page())


@pytest.fixture(scope="module")
def bob(world: World, context: BrowserContext) -> Person:
    return Person("Bob", world.second, context.new_page())


@contextmanager
def answers(page: Page, status: int | None) -> Iterator[None]:
    """Within, the public side's calls get this status, or no answer at all."""

    def act(route: Route) -> None:
        if status is not None:
            route.fulfill(status=status, body="{}")

    page.route(API, act)
    yield
    page.unroute(API)


def settle(page: Page) -> None:
    expect(page.locator("main h1, main .failure").first).to_be_attached()
    expect(page.locator(".skeleton")).to_have_count(0)


def test_first_run(alice: Person, bob: Person) -> None:
    page = alice.page
    alice.open_setup()
    page.get_by_label("Your name").fill("Alice")
    alice.press("Continue")
    expect(page.get_by_text("Use at least 10 characters.")).to_be_visible()
    photograph(page, "setup-name")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    alice.press("Continue")
    expect(page.locator(".words-word")).to_have_count(24)
    first = page.locator(".words-word").all_inner_texts()
    page.reload()
    expect(page.locator(".words-word")).to_have_count(24)
    assert page.locator(".words-word").all_inner_texts() != first
    expect(page.get_by_text("These are new words.")).to_be_visible()
    photograph(page, "setup-phrase")
    alice.press("I have written them down")
    alice.press("Continue")
    expect(page.get_by_text("This is not word")).to_have_count(3)
    photograph(page, "setup-ask")
    alice.press("Look at the words again")
    alice.write_phrase_down()
    alice.skip_second_factor()
    expect(page.get_by_role("button", name="Pair this vault")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Pair this vault")).to_be_visible()
    photograph(page, "setup-vault")
    alice.press("Pair this vault")
    expect(page.get_by_role("img", name=re.compile("^The code"))).to_be_visible()
    photograph(page, "setup-code")
    alice.press("They differ")
    expect(page.get_by_text("Nothing was paired.")).to_be_visible()
    photograph(page, "setup-differ")
    alice.press_link("Do this later")
    bob.set_up()


def test_empty_places(alice: Person) -> None:
    page = alice.page
    for place in PLACES:
        alice.visit(f"/app/{place}")
        settle(page)
        photograph(page, f"empty-{place.replace('/', '-') or 'porch'}")


def test_pairing_is_resumed_from_the_house(alice: Person) -> None:
    alice.home.lines.queue.clear()  # the code of the exchange that was broken off
    alice.visit("/app/house/vault")
    alice.pair_in_house()
    photograph(alice.page, "vault")


def test_full_places(alice: Person, bob: Person) -> None:
    alice.post("The lamp is lit, and the kettle is on.", title="First evening")
    bob.follow(alice.address)
    bob.visit("/app/")
    bob.comment("The lamp is lit", "Good light tonight.")
    expect(bob.item("The lamp").get_by_text("Waiting for Alice to approve it")).to_be_visible()
    photograph(bob.page, "porch-comment")
    alice.visit("/app/")
    expect(alice.page.get_by_text("1 comment waits for your word")).to_be_visible()
    photograph(alice.page, "porch")
    alice.visit("/app/waiting")
    expect(alice.page.get_by_role("button", name="Approve")).to_be_visible()
    photograph(alice.page, "waiting")
    bob.visit("/app/people")
    settle(bob.page)
    photograph(bob.page, "people")
    bob.look_up(alice.address)
    expect(bob.page.get_by_role("button", name="Stop following")).to_be_visible()
    photograph(bob.page, "person")


STATES = ("sending", "pending", "shown", "refused", "removed", "failed")


def test_what_seldom_happens(bob: Person) -> None:
    """A broken signature, and comments in each state; the site's answers are changed on their way."""
    page = bob.page

    def wrong(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        for item in found["items"]:
            item["signature"] = "wrong"
        route.fulfill(response=answer, json=found)

    def all_states(route: Route) -> None:
        answer = route.fetch()
        first = answer.json()["comments"][0]
        about = {"changed": first["time"], "problem": "unreachable"}
        comments = [
            {**first, **about, "id": f"{number}", "own": number % 2 == 0, "state": state}
            for number, state in enumerate(STATES)
        ]
        route.fulfill(response=answer, json={"comments": comments})

    page.route("**/api/v1/timeline", wrong)
    page.route("**/api/v1/timeline/*/comments", all_states)
    bob.visit("/app/")
    item = bob.item("The lamp")
    expect(item.get_by_text("This is not what the author signed")).to_be_visible()
    item.locator("button[aria-controls$=comments]").click()
    expect(item.locator(".comment")).to_have_count(len(STATES))
    expect(item.get_by_text("edited")).to_have_count(len(STATES))
    photograph(page, "porch-seldom")
    page.unroute_all()


def test_conversations(alice: Person, bob: Person) -> None:
    alice.message(bob.address)
    alice.say("Are you coming over on Sunday?")
    photograph(alice.page, "talk-asked")
    bob.open_talk_with("Alice")
    expect(bob.page.get_by_role("button", name="Accept")).to_be_visible()
    photograph(bob.page, "talk-request")
    bob.press("Accept")
    bob.say("Yes. I will bring bread.")
    expect(alice.bubble("bread")).to_be_visible()
    alice.say("Good.\nAnd the long rope, please.")
    alice.expect_mark("rope", "Delivered")
    photograph(alice.page, "talk")
    report_conversation(alice)
    alice.visit("/app/talk/nothing")
    expect(alice.page.get_by_text("This conversation is not in this browser")).to_be_visible()
    photograph(alice.page, "talk-missing")


def report_conversation(person: Person) -> None:
    """Moderators see who and what is quoted, after the reporter has seen it."""
    page = person.page
    page.get_by_role("button", name="Report").click()
    sent = page.get_by_role("region", name="This is sent")
    expect(sent.get_by_text("bread")).to_have_count(0)
    page.get_by_label("What should moderators know?").fill("Only a test.")
    page.get_by_label("Send their last message too").check()
    expect(sent.get_by_text("Only a test.")).to_contain_text("“Yes. I will bring bread.”")
    photograph(page, "report")
    person.press("Send report")
    expect(page.get_by_role("dialog")).to_have_count(0)
    person.visit("/app/house/moderation")
    expect(page.get_by_text("I will bring bread.")).to_be_visible()
    photograph(page, "moderation")
    person.press("Resolve")
    expect(page.get_by_text("No reports")).to_be_visible()


def test_the_house(alice: Person) -> None:
    for room in ("", "/profile", "/devices", "/site", "/data"):
        alice.visit(f"/app/house{room}")
        settle(alice.page)
        photograph(alice.page, f"house{room.replace('/', '-')}")
    alice.visit("/app/nowhere")
    settle(alice.page)
    photograph(alice.page, "nowhere")


def test_ones_own_data(alice: Person) -> None:
    alice.visit("/app/house/data")
    settle(alice.page)
    alice.page.get_by_text("Sealed mail and who may write").click()
    alice.page.get_by_text("Sealed mail and who may write").scroll_into_view_if_needed()
    photograph(alice.page, "house-data-open")
    with alice.page.expect_download() as coming:
        alice.press("Download everything")
    assert coming.value.suggested_filename.startswith("alice-everything-")
    alice.press("Delete my account")
    expect(alice.page.get_by_role("button", name="Delete account")).to_be_disabled()
    photograph(alice.page, "house-data-leave")
    alice.press("Cancel")


@pytest.mark.parametrize(("state", "status"), [("loading", None), ("failed", 500)])
def test_places_without_an_answer(alice: Person, state: str, status: int | None) -> None:
    page = alice.page
    for place in ("", "people", "waiting", "house/vault", "people/@bob@example.org"):
        with answers(page, status):
            alice.visit(f"/app/{place}")
            expect(page.locator(".bone" if status is None else ".failure").first).to_be_visible()
            photograph(page, f"{state}-{re.sub('[^a-z]+', '-', place) or 'porch'}")


def test_offline(alice: Person, context: BrowserContext) -> None:
    page = alice.page
    alice.visit("/app/")
    expect(alice.item("The lamp is lit")).to_be_visible()
    context.set_offline(True)
    expect(page.get_by_text("This browser is offline.")).to_be_visible()
    text = page.get_by_role("textbox", name="Text of your post")
    text.fill("Written without a network")
    alice.press("Publish")
    expect(page.get_by_text("Code: offline")).to_be_visible()
    photograph(page, "offline-porch")
    context.set_offline(False)
    page.reload()
    expect(text).to_have_value("Written without a network")
    text.fill("")


def test_a_broken_answer_breaks_one_part_only(alice: Person, chromium: Browser) -> None:
    """In a context of its own, as the error that the part throws is meant to be seen in the console."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = made.new_page()
    log_in(alice, page)
    page.route("**/api/v1/timeline", lambda route: route.fulfill(json={"items": [{"id": 1}], "next": None}))
    page.goto(f"{alice.home.site.origin}/app/")
    expect(page.get_by_text("This part of the page stopped working")).to_be_visible()
    photograph(page, "broken")
    page.get_by_role("link", name="House").click()
    expect(page.get_by_role("heading", name="House")).to_be_visible()
    made.close()


def log_in(person: Person, page: Page) -> None:
    page.goto(f"{person.home.site.origin}/app/house")
    page.get_by_label("Name in your address").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="House", exact=True)).to_be_visible()


def test_a_browser_without_keys(alice: Person, chromium: Browser) -> None:
    """Logging in by password opens public things; private places say plainly why not and what to do."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = made.new_page()
    page.goto(f"{alice.home.site.origin}/app/")
    expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()
    page.get_by_label("Name in your address").fill("alice")
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Code: login_failed")).to_be_visible()
    photograph(page, "login-failed")
    log_in(alice, page)
    page.goto(f"{alice.home.site.origin}/app/talk")
    expect(page.get_by_text("This browser holds no key of yours")).to_be_visible()
    photograph(page, "unlinked")
    person = Person("Alice", alice.home, page)
    person.post("Public things work without keys.")
    made.close()


WITH_PARAMETERS = {"/talk/:swarm?": "/talk", "/people/*": "/people/@nobody@example.org"}
LISTENING = ("/link",)
"""Places that show bones as long as they wait for somebody."""
OUTSIDE = ("/login", "/login/mail", "/login/reset", "/join", "/setup")


def test_every_place_is_photographed(alice: Person, chromium: Browser) -> None:
    """A new place of the app is photographed here until a story shows it in its states; one that is found
    by a parameter needs an entry above."""
    alice.post("A post that will be edited.")
    post = alice.page.evaluate("async () => (await (await fetch('/api/v1/posts')).json()).posts[0].id")
    ways = {**WITH_PARAMETERS, "/posts/:id": f"/posts/{post}"}
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    stranger = made.new_page()
    for place in places():
        if any(is_at(path, place) for path in taken):
            continue
        page = stranger if place in OUTSIDE else alice.page
        way = ways.get(place, place)
        page.goto(f"{alice.home.site.origin}/app{way}")
        if place not in LISTENING:
            settle(page)
        expect(page.locator("main h1")).to_be_attached()
        assert urlsplit(page.url).path == f"/app{way}", f"{place} leads elsewhere"
        photograph(page, f"place{re.sub('[^a-z]+', '-', place)}".strip("-"))
    made.close()
    assert all(any(is_at(path, place) for path in taken) for place in places())


def test_by_keyboard_alone(alice: Person, bob: Person) -> None:
    """Log out and in, write, talk, look at the light, decide and speak as the owner: no pointer at all."""
    hands = Keyboard(alice)
    alice.visit("/app/house")
    settle(alice.page)
    rail = hands.stops(8)
    assert rail[0] == "Skip to the content"
    assert rail[2].startswith("Porch light") or rail[2] == "Connected"
    assert [one.split("\n")[0] for one in rail[3:7]] == ["Porch", "Talk", "People", "House"]
    hands.leave_and_return()
    hands.write()
    hands.talk_to(bob)
    hands.connect_again()
    hands.decide()
