"""The owner invites a second person by a link; both then live on one site, and see each other's light and
picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from deploy.local.processes import Site, Vault, free_port
from tests import sites
from tests.e2e.camera import photograph
from tests.e2e.conftest import Faults, Home, until
from tests.e2e.person import Person
from tests.server.uploading import picture


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("invites")
    site = Site("first", "localhost", free_port("localhost") or 0, folder / "site")
    made = Home(site, Vault("vault", site, folder / "vault"))
    sites.start(site)
    yield made
    site.stop()


@pytest.fixture(scope="module")
def alice(home: Home, context: BrowserContext) -> Person:
    return Person("Alice", home, context.new_page())


@pytest.fixture(scope="module")
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


def test_a_second_person_moves_in_by_a_link(alice: Person, bob: Person) -> None:
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
    expect(bob.page.get_by_role("link", name=re.compile("^This site"))).to_be_visible()
    expect(bob.page.get_by_role("link", name="Invites")).to_have_count(0)

    alice.page.reload()
    expect(alice.page.get_by_text("Testing<BAD>")).to_be_visible()
    expect(alice.page.get_by_text("Came by it: @bob")).to_be_visible()
    expect(alice.page.get_by_text("lets nobody in any more")).to_be_visible()
    alice.page.get_by_label("Moderators may invite too").check()
    photograph(alice.page, "invites")
    alice.visit("/app/house/moderation")
    expect(alice.page.get_by_text("came by the invite link")).to_be_visible()
    expect(alice.page.get_by_text("let moderators invite")).to_be_visible()
    photograph(alice.page, "moderators")


def light_of(viewer: Person, name: str) -> Locator:
    return viewer.page.locator(".company li").filter(has_text=name).locator(".standing")


def test_neighbours_see_each_other_come_and_go(alice: Person, bob: Person) -> None:
    alice.visit("/app/people")
    expect(light_of(alice, "Bob")).to_have_text("Connected")
    photograph(alice.page, "people-company")
    bob.page.goto("about:blank")
    expect(light_of(alice, "Bob")).to_have_text("Not connected")
    bob.visit("/app/people")
    expect(light_of(alice, "Bob")).to_have_text("Connected")
    bob.press("Hide my light")
    expect(light_of(alice, "Bob")).to_have_text("Not connected")
    expect(light_of(bob, "Bob")).to_have_text("Connected (you)")
    bob.press("Show my light")
    expect(light_of(alice, "Bob")).to_have_text("Connected")


def test_a_picture_of_oneself(alice: Person, bob: Person) -> None:
    page = alice.page
    alice.visit("/app/house/profile")
    choose = page.locator("section.card input[type=file]")
    choose.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    expect(page.get_by_text("Code: media_type")).to_be_visible()
    photo = picture(900, 600, "JPEG")
    choose.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo})
    crop_to_the_right(page)
    expect(page.locator(".portrait .avatar img")).to_be_visible()
    page.get_by_label("Describe it").fill("Alice on the porch")
    alice.press("Save the description")
    expect(page.get_by_role("img", name="Alice on the porch")).to_be_visible()
    photograph(page, "profile-picture")

    bob.visit("/app/people")
    expect(bob.page.locator(".company li").filter(has_text="Alice").locator("img")).to_be_visible()
    bob.visit("/@alice")
    shown = bob.page.get_by_role("img", name="Alice on the porch")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 192
    square = Image.open(BytesIO(page.request.get(shown.get_attribute("src") or "").body())).convert("RGB")
    assert [blue > red for red, _, blue in map(square.getpixel, [(2, 2), (96, 96), (189, 189)])] == [True] * 3
    photograph(bob.page, "public-picture")

    alice.press("Delete picture")
    page.get_by_role("dialog").get_by_role("button", name="Delete picture").click()
    expect(page.locator(".portrait .avatar img")).to_have_count(0)
    bob.page.reload()
    expect(bob.page.locator(".card .face")).to_have_text("A")


def crop_to_the_right(page: Page) -> None:
    """Of a picture whose right half is blue, only that is taken: the keys zoom, then the mouse drags."""
    stage = page.get_by_role("application")
    place = page.get_by_role("dialog").get_by_role("status")
    expect(place).to_have_text("50% from left to right, 50% from top to bottom")
    expect(stage).to_be_focused()
    for _ in range(8):
        page.keyboard.press("+")
    expect(page.get_by_label("Zoom")).to_have_attribute("aria-valuetext", "214%")
    photograph(page, "profile-crop")
    box = stage.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, middle)
    page.mouse.down()
    for _ in range(3):
        page.mouse.move(box["x"] + 8, middle)
        page.mouse.move(box["x"] - 400, middle)
    page.mouse.up()
    expect(place).to_have_text("100% from left to right, 50% from top to bottom")
    page.keyboard.press("ArrowLeft")
    expect(place).to_have_text("98% from left to right, 50% from top to bottom")
    page.get_by_role("button", name="Use this part").click()


ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""A day and an hour apart: in one it is always another day than in the other."""


def test_the_app_tells_times_in_the_viewers_zone(alice: Person, chromium: Browser) -> None:
    alice.post("Fresh bread at nine.", title="Baking")
    state = alice.page.context.storage_state()
    public = set()
    for zone in ZONES:
        made = chromium.new_context(timezone_id=zone, storage_state=state, locale="en-US")
        page = made.new_page()
        page.goto(f"{alice.home.site.origin}/app/")
        shown = page.get_by_role("article").filter(has_text="Fresh bread").locator("time").first
        moment = datetime.fromisoformat(shown.get_attribute("datetime") or "")
        local = moment.astimezone(ZoneInfo(zone))
        title = (shown.get_attribute("title") or "").replace("\u202f", " ")
        assert f"{local:%A, %B} {local.day}, {local.year}" in title
        assert f"{local:%I:%M %p}".lstrip("0") in title
        page.goto(f"{alice.home.site.origin}/@alice")
        public.add(page.locator(".post time").first.evaluate("time => time.outerHTML"))
        made.close()
    assert len(public) == 1, "public pages are the same for everybody"


def test_the_owner_looks_at_a_theme_and_uses_it(alice: Person, bob: Person) -> None:
    page = alice.page
    alice.visit("/app/house/site")
    expect(page.get_by_text("Hard to see")).to_have_count(0)
    photograph(page, "themes")
    for name in ("contrast", "harbour"):
        page.goto(f"{alice.home.site.origin}/api/v1/site/look/preview?theme={name}")
        expect(page.get_by_role("heading", name="Alice")).to_be_visible()
        photograph(page, f"theme-{name}")
    alice.visit("/app/house/site")
    page.get_by_role("button", name="Use Harbour").click()
    expect(page.get_by_text("The site now wears Harbour")).to_be_visible()
    until(lambda: behind(alice) == HARBOUR, what="the app is in the theme at once")
    photograph(page, "theme-in-the-app")
    until(lambda: paper(alice, bob) == HARBOUR, what="the public page is made anew")
    bob.visit("/app/house/site")
    assert behind(bob) == HARBOUR
    expect(bob.page.get_by_role("heading", name="This site", exact=True)).to_be_visible()
    expect(bob.page.get_by_text("How the site looks")).to_have_count(0)


def paper(owner: Person, reader: Person) -> str:
    """The colour that a reader sees behind the owner's page."""
    reader.visit(f"/@{owner.username}")
    return behind(reader)


HARBOUR = "rgb(245, 248, 250)"


def behind(who: Person) -> str:
    """The colour behind what this person sees."""
    of = "one => getComputedStyle(one).backgroundColor"
    colours = [who.page.locator(part).evaluate(of) for part in ("body", "html")]
    return next(one for one in colours if one != "rgba(0, 0, 0, 0)")
