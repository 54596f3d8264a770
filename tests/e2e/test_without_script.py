"""The public pages in a browser that runs no script: read, found, walked through by keyboard, printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.processes import ROOT, Site, free_port
from tests import sites
from tests.e2e.camera import SHOTS, TOO_WIDE, photograph
from tests.e2e.conftest import Faults
from tests.e2e.keyboard import STOP

A4_WIDTH = 718
"""Of A4, in CSS pixels, between margins of a centimetre."""
POST = "/@ana/first-evening"
CUT = """() => [...document.querySelectorAll('main *')]
    .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .filter(one => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX))
    .filter(one => !one.matches('.untitled'))
    .map(one => one.outerHTML.slice(0, 120))"""
OF_THE_SCREEN = "a.skip, header, footer, nav, form, button, summary, .how, .under"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three members have written here, in English, Arabic and Chinese."""
    made = Site("written", "localhost", free_port("localhost") or 0, tmp_path_factory.mktemp("written"))
    sites.prepare(made)
    subprocess.run(
        [sys.executable, "-m", "tests.e2e.written"],
        cwd=ROOT,
        env={**os.environ, **made.environment},
        check=True,
    )
    made.start()
    made.wait_ready()
    yield made
    made.stop()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=site.origin, java_script_enabled=False, viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(15_000)
    faults = Faults()
    context.on("page", faults.watch)
    yield context.new_page()
    context.close()
    assert not faults.seen, faults.seen


@pytest.fixture
def camera(chromium: Browser, site: Site) -> Iterator[Callable[[Page, str], None]]:
    """Photographs where a page without script stands, in a browser that is sent none: axe is one itself."""
    context = chromium.new_context(base_url=site.origin, reduced_motion="reduce")
    context.route("**/*.js", lambda route: route.abort())
    looking = context.new_page()

    def take(page: Page, name: str) -> None:
        looking.goto(page.url)
        photograph(looking, name)

    yield take
    context.close()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_reader_goes_from_the_front_to_everything(page: Page, camera: Callable[[Page, str], None]) -> None:
    page.goto("/")
    page.get_by_role("link", name="Ana").click()
    heading(page, "Ana")
    camera(page, "bare-home")
    page.get_by_text("Follow", exact=True).click()
    expect(page.get_by_text("Paste this address under People on your own site")).to_be_visible()
    page.get_by_role("link", name="First evening", exact=True).click()
    heading(page, "First evening")
    expect(page.get_by_text("See you.")).to_be_visible()
    expect(page.get_by_text("You comment from your own site")).to_be_visible()
    camera(page, "bare-post")
    page.get_by_role("link", name="porch").first.click()
    heading(page, "#porch")
    expect(page.locator(".lines li")).to_have_count(4)
    camera(page, "bare-tag")
    page.get_by_role("link", name="Archive").click()
    heading(page, "Archive")
    page.locator(".months a").first.click()
    expect(page.get_by_role("link", name="First evening", exact=True)).to_be_visible()
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words in posts of Ana").fill("kettle guest")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".found li")).to_have_count(1)
    camera(page, "bare-search")
    page.get_by_role("link", name="Come in").click()
    expect(page.locator("noscript a")).to_be_visible()


@pytest.mark.parametrize(
    ("username", "language", "direction"), [("layla", "ar", "rtl"), ("mei", "zh-hans", "ltr")]
)
def test_other_languages(
    page: Page, camera: Callable[[Page, str], None], username: str, language: str, direction: str
) -> None:
    page.goto(f"/@{username}")
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("() => getComputedStyle(document.body).direction") == direction
    camera(page, f"bare-home-{language}")
    page.locator(".post h3 a").first.click()
    camera(page, f"bare-post-{language}")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto(POST)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.evaluate(STOP)["seen"]
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
    stops = []
    while found := page.evaluate(STOP):
        assert found["seen"], f"the focus is not seen on {found['html']}"
        stops.append(found["name"])
        page.keyboard.press("Tab")
        assert len(stops) < 60, stops
    assert stops[0] == "Ana"
    assert stops[-1] == "Imprint"
    assert "porch" in stops


def test_on_paper_nothing_is_cut_and_nothing_is_of_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    for path, words in ((POST, "See you."), ("/@ana", "The kettle is on."), ("/@layla", "المصباح مضاء")):
        page.goto(path)
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.get_by_text(words).first).to_be_visible()
        assert page.evaluate(CUT) == []
        assert page.evaluate(TOO_WIDE) == 0
        for one in page.locator(OF_THE_SCREEN).all():
            expect(one).to_be_hidden()
        assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        page.screenshot(path=SHOTS / f"paper-{path[2:].replace('/', '-')}.png", full_page=True)
