"""Writing as a member does it: drafts, tags, changes, pins, bumps, search; and the pages that readers get."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from homevault.protocol.certificates import verify_certificate
from homevault.protocol.posts import verify_post
from tests.e2e.camera import photograph
from tests.e2e.conftest import World
from tests.e2e.person import Person

WORDS = "Text of your post"


@pytest.fixture(scope="module")
def alice(world: World, context: BrowserContext) -> Person:
    person = Person("Alice", world.first, context.new_page())
    person.set_up()
    return person


def write(page: Page, source: str, title: str, tags: str) -> None:
    page.get_by_role("textbox", name=WORDS).fill(source)
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("textbox", name="Tags").fill(tags)


def signed_number(person: Person, slug: str) -> int:
    """Which version of a post the browser signed last, verified as a reader does."""
    answer = person.page.request.get(f"{person.home.site.origin}/@{person.username}/{slug}/post.json")
    found = answer.json()
    return verify_post(found["post"], verify_certificate(found["certificate"])).number


def test_a_draft_survives_and_becomes_a_post(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/")
    write(page, "The *first* light, seen from the #porch.\n\n- one\n- two", "Morning", "winter, two words")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name=WORDS)).to_have_value(re.compile("first"))
    alice.visit("/app/drafts")
    expect(page.get_by_role("heading", name="Morning")).to_be_visible()
    photograph(page, "drafts")
    page.evaluate("localStorage.clear()")
    alice.press("Go on writing")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Morning")
    alice.press("Preview")
    expect(page.locator(".preview em")).to_have_text("first")
    photograph(page, "composer-preview")
    alice.press("Publish")
    post = alice.item("The first light")
    expect(post.get_by_role("link", name="#two-words")).to_be_visible()
    alice.visit("/app/drafts")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()
    assert signed_number(alice, "morning") == 1


def test_a_post_is_changed_pinned_and_lifted(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/house/posts")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name=WORDS).fill("The second light, seen from the #porch and the quay.")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    alice.press("Save changes")
    expect(page.get_by_role("heading", name="Posts")).to_be_visible()
    alice.press("Pin")
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    alice.press("Earlier versions")
    expect(page.get_by_text("Version 1")).to_be_visible()
    photograph(page, "house-posts")
    assert signed_number(alice, "morning") == 2
    alice.visit("/app/")
    post = alice.item("The second light")
    expect(post.get_by_text("edited")).to_be_visible()
    post.get_by_role("button", name="Bump").click()
    expect(post.get_by_role("button", name="Bumped")).to_be_visible()
    post.get_by_role("button", name="Recommend").click()
    expect(post.get_by_role("button", name="Recommended")).to_be_visible()
    photograph(page, "porch-lifted")
    expect(page.get_by_role("link", name="Drafts")).to_be_visible()
    alice.visit("/app/recent")
    expect(page.get_by_text("bumped by 1 person")).to_be_visible()
    photograph(page, "recent")


def test_a_member_finds_posts(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/search")
    page.get_by_label("Words in posts").fill("QUAY light")
    page.get_by_label("Words in posts").press("Enter")
    expect(page.locator("mark")).to_have_text(["light", "quay"])
    photograph(page, "search")
    page.reload()
    expect(page.get_by_role("link", name="Morning")).to_be_visible()
    page.get_by_label("Words in posts").fill("nothing like it")
    page.get_by_label("Words in posts").press("Enter")
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()


def test_posts_go_out_and_come_back(alice: Person, tmp_path: Path) -> None:
    page = alice.page
    alice.visit("/app/house/posts")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download my posts").click()
    saved = tmp_path / "mine.zip"
    coming.value.save_as(saved)
    page.get_by_label("Archive, as ZIP or tar.gz").set_input_files(saved)
    expect(page.get_by_text("0 posts added, 1 was here already")).to_be_visible()
    page.get_by_label("Archive, as ZIP or tar.gz").set_input_files(
        {"name": "broken.zip", "mimeType": "application/zip", "buffer": b"PK nothing"}
    )
    expect(page.get_by_text("That is no archive of Porchlight or Mastodon")).to_be_visible()
    page.get_by_role("heading", name="Your archive").scroll_into_view_if_needed()
    photograph(page, "house-archive")


PAGES = {
    "front": "/",
    "person": "/@alice",
    "post": "/@alice/morning",
    "history": "/@alice/morning/history",
    "tag": "/@alice/tag/porch",
    "archive": "/@alice/archive",
    "search-page": "/search?q=light",
}


def test_readers_see_it_all_without_script(alice: Person) -> None:
    page = alice.page
    for name, path in PAGES.items():
        alice.visit(path)
        photograph(page, f"public-{name}")
    page.get_by_role("link", name="Morning").click()
    page.get_by_role("link", name="earlier versions").click()
    expect(page.get_by_text("The first light")).to_be_visible()
    page.get_by_role("link", name="Back to the post").click()
    page.get_by_role("link", name="#porch", exact=True).last.click()
    expect(page.get_by_role("heading", name="#porch")).to_be_visible()
    page.get_by_role("link", name="Archive").click()
    page.get_by_role("main").get_by_role("link").last.click()
    expect(page.get_by_role("link", name="Morning")).to_be_visible()


def test_a_deleted_post_is_deleted_by_a_signature(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/")
    post = alice.item("The second light")
    post.get_by_role("button", name="Delete").click()
    alice.press("Delete post")
    expect(post).to_have_count(0)
    assert signed_number(alice, "morning") == 3
    alice.visit("/@alice/morning")
    expect(page.get_by_role("heading", name="This post has been deleted")).to_be_visible()
