"""Following anything on screen: a look first, the list and its settings, lists of feeds; comments that are
changed and mentions that wait. Each screen is photographed and judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from deploy.local.processes import Site, Vault, free_port
from tests import sites
from tests.e2e.camera import photograph
from tests.e2e.conftest import Home
from tests.e2e.person import Person
from tests.server import elsewhere
from tests.server.elsewhere import Elsewhere, Reply, item, json_feed

HTML = {"content-type": "text/html; charset=utf-8"}
OPML = """<opml version="2.0"><head/><body><outline text="News" xmlUrl="{origin}/news.json"/>
<outline text="Odd" xmlUrl="ftp://odd.example/"/></body></opml>"""


@pytest.fixture(scope="module")
def far() -> Iterator[Elsewhere]:
    """A site of the rest of the web: a page with two feeds that is a feed itself."""
    with elsewhere.serving() as site:
        links = "".join(
            f'<link rel="alternate" type="application/feed+json" title="{title}" href="{path}">'
            for title, path in (("Notes from the garden", "/feed.json"), ("Comments", "/comments.json"))
        )
        site.pages["/"] = Reply(f"<html><head>{links}</head><body></body></html>".encode(), headers=HTML)
        first = item(1, "The first frost took the dahlias.", title="Frost")
        site.pages["/feed.json"] = json_feed(first, item(2, "Seeds have come."), item(3, "Compost, turned."))
        site.pages["/comments.json"] = json_feed(item(9, "A comment"))
        news = json_feed(item(7, "News of the day"))
        site.pages["/news.json"] = Reply(news.body.replace(b"Far", b"News"), headers=news.headers)
        yield site


@pytest.fixture(scope="module")
def alice(
    far: Elsewhere, context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Person]:
    """Alice has moved in; her vault was never started."""
    folder = tmp_path_factory.mktemp("following")
    site = Site("site", "localhost", free_port("localhost") or 0, folder / "site")
    site.fetch_allow = f"127.0.0.1:{far.port}"
    sites.start(site)
    person = Person("Alice", Home(site, Vault("vault", site, folder / "vault")), context.new_page())
    person.open_setup()
    person.choose_name()
    person.write_phrase_down()
    person.skip_second_factor()
    person.press_link("Do this later")
    person.expect_light("Connected")
    yield person
    site.stop()


def test_looked_at_then_followed(alice: Person, far: Elsewhere) -> None:
    page = alice.page
    alice.look_up(f"{far.origin}/")
    expect(page.get_by_role("heading", name="This page has more to follow")).to_be_visible()
    expect(page.get_by_text("Frost")).to_be_visible()
    photograph(page, "follow-offer")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_role("link", name="Far")).to_be_visible()
    alice.visit("/app/")
    expect(alice.item("Seeds have come.")).to_be_visible()


def test_an_address_where_nothing_is_says_so(alice: Person, far: Elsewhere) -> None:
    alice.look_up(f"{far.origin}/nothing")
    expect(alice.page.get_by_role("heading", name="There is nothing to follow there")).to_be_visible()
    photograph(alice.page, "follow-nothing")


def test_lists_come_in_and_go_out(alice: Person, far: Elsewhere, tmp_path: Path) -> None:
    page = alice.page
    alice.visit("/app/people")
    listed = tmp_path / "list.opml"
    listed.write_text(OPML.format(origin=far.origin))
    page.get_by_label("Take a list in").first.set_input_files(listed)
    expect(page.get_by_text("1 feed is new.")).to_be_visible()
    expect(page.get_by_text("ftp://odd.example/")).to_be_visible()
    photograph(page, "people-lists")
    with page.expect_download() as got:
        page.get_by_role("link", name="Save my list").click()
    assert f"{far.origin}/news.json" in Path(got.value.path()).read_text()


def test_a_follow_has_settings(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/people")
    page.get_by_role("button", name="Settings for Far").click()
    page.get_by_label("What you call it").fill("The garden")
    photograph(page, "follow-settings")
    alice.press("Save")
    expect(page.get_by_role("link", name="The garden")).to_be_visible()
    page.get_by_role("button", name="Settings for The garden").click()
    alice.press("Mute")
    expect(page.get_by_text("Muted: it stays out of your porch")).to_be_visible()
    alice.visit("/app/")
    expect(alice.item("News of the day")).to_be_visible()
    expect(alice.item("Seeds have come.")).to_have_count(0)


def test_comments_are_changed_and_taken_back_and_closed(alice: Person) -> None:
    page = alice.page
    alice.post("A lamp is lit.")
    alice.comment("A lamp is lit.", "For whom")
    post = alice.item("A lamp is lit.")
    post.locator(".comment").get_by_role("button", name="Edit").click()
    post.get_by_label("Change your comment").fill("For whoever passes")
    photograph(page, "comment-edit")
    post.get_by_role("button", name="Save", exact=True).click()
    expect(post.get_by_text("For whoever passes")).to_be_visible()
    expect(post.get_by_text(re.compile("· edited"))).to_be_visible()
    post.get_by_label("Who may comment").select_option("nobody")
    expect(page.get_by_text("Comments that are there stay.")).to_be_visible()
    photograph(page, "comment-shown")
    post.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(post.get_by_text("For whoever passes")).to_have_count(0)
    expect(post.get_by_text("No comments yet.")).to_be_visible()
    post.get_by_label("Who may comment").select_option("everyone")


def test_a_mention_waits_and_is_shown(alice: Person, far: Elsewhere) -> None:
    page = alice.page
    alice.visit("/@alice")
    url = page.locator("a.u-url.when").first.get_attribute("href") or ""
    author = '<meta charset="utf-8"><article class="h-entry"><a class="p-author h-card">Zoë</a>'
    words = '<p class="e-content">Seen it from the road.</p></article>'
    body = f'<html>{author}<a class="u-in-reply-to" href="{url}">re</a>{words}</html>'
    far.pages["/reply"] = Reply(body.encode(), headers=HTML)
    told = page.request.post(
        f"{alice.home.site.origin}/webmention", form={"source": f"{far.origin}/reply", "target": url}
    )
    assert told.status == 202
    alice.visit("/app/waiting")
    expect(page.get_by_text("Seen it from the road.")).to_be_visible()
    photograph(page, "mention-waiting")
    alice.press("Show")
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    page.goto(url)
    expect(page.get_by_text("Seen it from the road.")).to_be_visible()
    photograph(page, "post-mentioned")
