"""Pictures and files on posts: from the composer to the public page, and to a follower on another site."""

from __future__ import annotations

import io
import re
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, expect

from homevault.protocol.encoding import b64encode
from tests.e2e.camera import photograph
from tests.e2e.conftest import World, until
from tests.e2e.person import Person

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F 24 Tf 40 100 Td (Light the lamp) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
INKED = """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    .data.some(value => value && value < 200)"""
LOADED = "() => [...document.querySelectorAll('main img')].filter(one => one.naturalWidth > 1).length"


@pytest.fixture(scope="module")
def alice(world: World, context: BrowserContext) -> Person:
    person = Person("Alice", world.first, context.new_page())
    person.set_up()
    return person


@pytest.fixture(scope="module")
def bob(world: World, context: BrowserContext) -> Person:
    person = Person("Bob", world.second, context.new_page())
    person.set_up()
    return person


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    dusk = Image.new("RGB", (1800, 1200))
    pen = ImageDraw.Draw(dusk)
    for y in range(1200):
        pen.line((0, y, 1800, y), (40 + y // 8, 50 + y // 14, 110 - y // 20))
    pen.ellipse((1300, 300, 1500, 500), "#f2b455")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    dusk.save(folder / "dusk.jpg", exif=exif)
    moving = [Image.new("RGB", (300, 200), colour) for colour in ("#9a5b0b", "#f2b455")]
    moving[0].save(folder / "lamp.gif", save_all=True, append_images=moving[1:], duration=300, loop=0)
    (folder / "note.pdf").write_bytes(PDF)
    (folder / "song.mp3").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(2000))
    (folder / "run.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    return {path.name: path for path in folder.iterdir()}


def attach(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").first.set_input_files([str(path) for path in paths])


def pictures(page: Page, count: int) -> None:
    until(lambda: page.evaluate(LOADED) >= count, what=f"{count} pictures are drawn")


def test_files_are_sent_described_and_published(alice: Person, files: dict[str, Path]) -> None:
    page = alice.page
    alice.visit("/app/")
    page.get_by_role("textbox", name="Text of your post").fill("Dusk, a lamp, a note and a song.")
    attach(page, files["dusk.jpg"], files["lamp.gif"], files["run.svg"], files["note.pdf"], files["song.mp3"])
    expect(page.get_by_label("Describe it for people who cannot see it")).to_have_count(4)
    refused = page.locator(".attachment", has_text="run.svg")
    expect(refused.get_by_text("This kind of file cannot be shown")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_attribute("aria-disabled", "true")
    photograph(page, "composer-files")
    page.get_by_role("button", name="Remove run.svg").click()
    page.get_by_label("Describe it for people who cannot see it").first.fill("The sun goes down over a field")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.evaluate("() => localStorage.clear()")
    alice.visit("/app/drafts")
    page.get_by_role("button", name="Go on writing").first.click()
    expect(page.get_by_label("Describe it for people who cannot see it").first).to_have_value(
        "The sun goes down over a field"
    )
    alice.press("Publish")
    item = alice.item("Dusk, a lamp")
    expect(item.get_by_role("img", name="The sun goes down over a field")).to_be_visible()
    pictures(page, 2)
    photograph(page, "post-with-files")
    post_page = item.get_by_role("link", name="open the post on its page").get_attribute("href")
    said = page.request.get(f"{post_page}/post.json").json()["post"]["attachments"]
    assert [one["alt"] for one in said] == ["The sun goes down over a field", "", "", ""]
    assert [one["type"] for one in said][2:] == ["application/pdf", "audio/mpeg"]
    for one, path in zip(said[2:], (files["note.pdf"], files["song.mp3"]), strict=True):
        assert one["hash"] == b64encode(sha256(path.read_bytes()).digest())


def test_a_picture_opens_large_and_a_paper_is_read(alice: Person) -> None:
    page = alice.page
    item = alice.item("Dusk, a lamp")
    item.get_by_role("button", name="Open The sun goes down over a field").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 of 2")).to_be_visible()
    photograph(page, "viewer")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("2 of 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    item.get_by_role("button", name="Open note.pdf").click()
    paper = page.get_by_role("img", name="Page 1 of 1")
    until(lambda: paper.evaluate(INKED), what="the page is drawn")
    photograph(page, "viewer-pdf")
    page.keyboard.press("Escape")


def test_the_public_page_shows_them_without_hidden_data(alice: Person) -> None:
    page = alice.page
    alice.visit("/@alice")
    pictures(page, 2)
    photograph(page, "public-files")
    url = page.locator("figure.shown img").first.get_attribute("src")
    assert url
    made = page.request.get(url)
    assert made.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert b"taken at home" not in made.body()
    assert Image.open(io.BytesIO(made.body())).size == (1800, 1200)
    song = page.locator("audio").get_attribute("src")
    assert song
    part = page.request.get(song, headers={"range": "bytes=0-2"})
    assert (part.status, part.body()) == (206, b"ID3")


def test_a_follower_sees_them_through_their_own_site(alice: Person, bob: Person) -> None:
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url))
    bob.follow(alice.address)
    bob.visit("/app/")
    item = bob.item("Dusk, a lamp")
    expect(item.get_by_role("img", name="The sun goes down over a field")).to_be_visible()
    pictures(bob.page, 2)
    expect(item.get_by_role("button", name="Signed")).to_be_visible()
    assert not [url for url in asked if url.startswith(alice.home.site.origin)]


def test_a_comment_elsewhere_is_taken_back_before_one_leaves(alice: Person, bob: Person) -> None:
    page = bob.page
    bob.comment("Dusk, a lamp", "What a lamp")
    expect(bob.item("Dusk, a lamp").get_by_text(re.compile("Waiting for .* to approve it"))).to_be_visible()
    bob.visit("/app/house/data")
    page.get_by_text("Look at them").click()
    expect(page.get_by_text("What a lamp")).to_be_visible()
    page.get_by_role("heading", name="Delete your account").scroll_into_view_if_needed()
    photograph(page, "leaving-comments")
    bob.press("Take all back")
    expect(page.get_by_text("What a lamp")).to_have_count(0)
    expect(page.get_by_text("is being taken back")).to_have_count(0)
    alice.visit("/app/waiting")
    expect(alice.page.get_by_role("heading", name="Nothing is waiting")).to_be_visible()


def test_files_are_listed_with_what_they_weigh(alice: Person) -> None:
    page = alice.page
    alice.visit("/app/house/files")
    expect(page.get_by_text("Shown in 1 place")).to_have_count(4)
    photograph(page, "files")


def test_a_deleted_post_takes_them_along(alice: Person) -> None:
    page = alice.page
    alice.visit("/@alice")
    url = page.locator("figure.shown img").first.get_attribute("src")
    assert url
    alice.visit("/app/")
    alice.item("Dusk, a lamp").get_by_role("button", name="Delete").click()
    alice.press("Delete post")
    expect(page.get_by_text("The post is deleted")).to_be_visible()
    until(lambda: page.request.get(url).status == 404, what="the picture is gone")
    alice.visit("/app/house/files")
    expect(page.get_by_text("No files yet")).to_be_visible()
    photograph(page, "files-empty")
