"""The porch light: green, told something, blocked, free again, and what it does when the site goes away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.processes import Vault, free_port
from tests import sites
from tests.e2e.camera import photograph
from tests.e2e.conftest import Home, until
from tests.e2e.person import Person
from tests.server.clocked_site import ClockedSite

MINUTE = 60_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One site with a clock that the test moves, and its vault."""
    folder = tmp_path_factory.mktemp("light")
    site = ClockedSite("light", "localhost", free_port("localhost") or 0, folder / "site")
    sites.prepare(site)
    made = Home(site, Vault("vault of light", site, folder / "vault"))
    made.start()
    yield made
    made.stop()


def public_page(chromium: Browser, home: Home) -> tuple[BrowserContext, Page]:
    """A fresh browser on the owner's public page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{home.site.origin}/@ana")
    return context, page


def expect_light(page: Page, state: str, seconds: float = 15) -> None:
    light = page.get_by_role("button", name=re.compile(f"^Porch light: {state}"))
    expect(light.first).to_be_visible(timeout=seconds * 1000)


def test_the_light_tells_visitors_and_members_how_they_stand(
    chromium: Browser, context: BrowserContext, home: Home
) -> None:
    ana = Person("Ana", home, context.new_page())
    ana.set_up()
    ana.post("A lamp in the window")
    first, visitor = public_page(chromium, home)
    second, bystander = public_page(chromium, home)
    expect_light(visitor, "Connected")
    expect_light(bystander, "Connected")
    photograph(visitor, "visitor-green")

    ana.visit("/app/house/moderation")
    rows = ana.page.locator(".present li").filter(has_text="Visitor")
    expect(rows).to_have_count(2)
    photograph(ana.page, "moderation-present")
    mine = rows.first
    mine.get_by_role("button", name="Say something").click()
    ana.page.get_by_label("What do you want to say?").fill("Welcome, the tea is ready.")
    ana.press("Send notice")
    pages = [visitor, bystander]
    heard = wait_for_one(pages, "Welcome, the tea is ready.")
    other = next(page for page in pages if page is not heard)
    expect(other.get_by_text("Welcome, the tea is ready.")).to_have_count(0)
    photograph(heard, "visitor-notice")
    heard.get_by_role("button", name="I have read it").click()

    mine.get_by_role("button", name="Block").click()
    photograph(ana.page, "moderation-block")
    ana.page.get_by_label("For how long?").select_option(label="30 minutes")
    ana.page.get_by_label("Reason").fill("Please calm down.")
    ana.press("Block now")
    expect_light(heard, "Blocked")
    expect_light(other, "Connected")
    heard.get_by_role("button", name=re.compile("^Porch light")).click()
    expect(heard.get_by_text("Please calm down.")).to_be_visible()
    photograph(heard, "visitor-orange")
    heard.keyboard.press("Escape")

    site = home.site
    assert isinstance(site, ClockedSite)
    site.move_clock(31 * MINUTE)
    expect_light(heard, "Connected", 30)

    home.site.stop()
    expect_light(heard, "Not connected")
    photograph(heard, "visitor-red")
    for _ in range(6):
        heard.clock.run_for(10_500)
        heard.wait_for_load_state()
    home.site.start()
    home.site.wait_ready()
    heard.clock.run_for(60_000)
    expect_light(heard, "Not connected")
    heard.get_by_role("button", name=re.compile("^Porch light")).click()
    heard.get_by_role("button", name="Connect again").click()
    expect_light(heard, "Connected")
    first.close()
    second.close()

    ana.visit("/app/house/moderation")
    ana.page.get_by_label("Site", exact=True).fill("*.bad.example")
    ana.press("Block the site")
    expect(ana.page.get_by_text("*.bad.example", exact=True)).to_be_visible()
    ana.page.get_by_label("Rules").fill("Be **kind**.")
    ana.page.get_by_role("button", name="Save").first.click()
    expect(ana.page.get_by_text("The page is saved")).to_be_visible()
    expect(ana.page.get_by_text("ended the block")).to_have_count(0)
    expect(ana.page.get_by_text("blocked the site *.bad.example")).to_be_visible()
    photograph(ana.page, "moderation-sites")
    ana.visit("/rules")
    expect(ana.page.locator("strong", has_text="kind")).to_be_visible()
    photograph(ana.page, "rules")


def wait_for_one(pages: list[Page], text: str) -> Page:
    """The one page that shows the text."""
    return until(lambda: [page for page in pages if page.get_by_text(text).count()], what=text)[0]


KEYS = """async () => {
    const open = indexedDB.open('porchlight-visitor');
    const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
    const get = db.transaction('keys').objectStore('keys').get('visitor');
    const keys = await new Promise(done => { get.onsuccess = () => done(get.result); });
    db.close();
    return keys && {account: keys.account.public, locked: !keys.device.key.extractable};
}"""
LOADED = """() => {
    const [page] = performance.getEntriesByType('navigation');
    const all = performance.getEntriesByType('resource');
    const before = all.filter(one => one.startTime < page.loadEventStart);
    return [page, ...before].reduce((sum, one) => sum + one.transferSize, 0);
}"""
PAGE_BYTES = 30_000


def test_a_visitors_key_lives_as_long_as_its_session(chromium: Browser, home: Home) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{home.site.origin}/@ana")
    expect_light(page, "Connected")
    assert page.evaluate(LOADED) <= PAGE_BYTES
    (cookie,) = [one for one in context.cookies() if one["name"] == "__Host-porchlight-visitor"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (
        True,
        True,
        "Lax",
        -1,
    )
    first = page.evaluate(KEYS)
    assert first["locked"]
    page.reload()
    expect_light(page, "Connected")
    assert page.evaluate(KEYS) == first
    twin = context.new_page()
    twin.goto(f"{home.site.origin}/")
    expect_light(twin, "Connected")
    expect_light(page, "Connected")
    assert twin.evaluate(KEYS) == first

    twin.close()
    context.clear_cookies()
    page.reload()
    expect_light(page, "Connected")
    assert page.evaluate(KEYS)["account"] != first["account"]
    context.close()
