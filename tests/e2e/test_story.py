"""The whole idea as one story: two people set up their sites, follow, comment, talk, and keep it at home.

The steps build on each other and run in order; the words they type are random, so that the last step can
look for them everywhere.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.e2e.camera import photograph
from tests.e2e.canary import Scan
from tests.e2e.conftest import World, until
from tests.e2e.person import PASSWORD, Person

LIVE_SECONDS = 2.0


def letters(count: int) -> str:
    """Letters that stand nowhere else."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(count))


@dataclass
class Story:
    """The two people and every word that they typed: public and private ones, each with their own stem."""

    alice: Person
    bob: Person
    public: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    public_stem: str = field(default_factory=lambda: letters(10))
    private_stem: str = field(default_factory=lambda: letters(10))

    def public_word(self) -> str:
        self.public.append(self.public_stem + letters(5))
        return self.public[-1]

    def private_word(self) -> str:
        self.private.append(self.private_stem + letters(5))
        return self.private[-1]


@pytest.fixture(scope="module")
def story(world: World, context: BrowserContext) -> Story:
    return Story(
        Person("Alice", world.first, context.new_page()),
        Person("Bob", world.second, context.new_page()),
    )


def published(person: Person) -> list[str]:
    """The words of each post that the person's vault keeps."""
    return [each["text"] for each in json.loads(person.home.vault.run("posts", "--json"))["posts"]]


def read(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def kept(person: Person, text: str) -> list[dict[str, object]]:
    """What the person's vault finds for `text`."""
    return json.loads(person.home.vault.run("search", text, "--json"))["hits"]


def test_first_run_in_three_screens(story: Story) -> None:
    for person in (story.alice, story.bob):
        words = person.set_up()
        assert len(words) == 24
        story.phrases.append(" ".join(words[:4]))
    assert story.alice.home.site.setup_link() is None


def test_reload_and_login_by_password(story: Story) -> None:
    alice = story.alice
    alice.visit("/app/house")
    alice.press("Log out")
    alice.page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    alice.page.get_by_label("Name in your address").fill(alice.username)
    alice.page.get_by_label("Password", exact=True).fill(PASSWORD)
    alice.press("Log in")
    alice.expect_light("Connected")


def test_a_post_is_public_on_its_site(story: Story) -> None:
    text = f"The lamp is **lit**: {story.public_word()} <script>alert(1)</script>"
    story.alice.post(text.replace("**", "").split(" <")[0], title="First evening")
    origin = story.alice.home.site.origin
    status, page, headers = read(f"{origin}/@alice")
    assert status == 200
    assert story.public[-1].encode() in page
    for name in ("feed.json", "feed.atom"):
        status, body, headers = read(f"{origin}/@alice/{name}")
        assert status == 200
        assert story.public[-1].encode() in body
        etag = {key.lower(): value for key, value in headers.items()}["etag"]
        assert read(f"{origin}/@alice/{name}", **{"If-None-Match": etag})[0] == 304


def test_bob_follows_and_sees_new_posts_live(story: Story) -> None:
    alice, bob = story.alice, story.bob
    bob.follow(alice.address)
    bob.visit("/app/")
    expect(bob.item(story.public[0])).to_be_visible()
    text = story.public_word()
    alice.post(text)
    published = time.monotonic()
    bar = bob.page.get_by_role("button", name="1 new post")
    bar.wait_for(timeout=LIVE_SECONDS * 1000)
    assert time.monotonic() - published < LIVE_SECONDS
    bar.click()
    expect(bob.item(text)).to_be_visible()
    bob.item(text).get_by_role("button", name="Signed").click()
    expect(bob.item(text).get_by_text("arrived unchanged")).to_be_visible()
    photograph(bob.page, "porch-signed")


def test_a_strangers_first_comment_waits_then_shows_on_both(story: Story) -> None:
    alice, bob = story.alice, story.bob
    post, text = story.public[0], story.public_word()
    bob.comment(post, text)
    expect(bob.item(post).get_by_text("Waiting for Alice to approve it")).to_be_visible()
    alice.visit("/app/waiting")
    expect(alice.page.get_by_text(text)).to_be_visible()
    page = next(item["url"] for item in feed(alice) if post in item["content_html"])
    assert text.encode() not in read(page)[1]
    alice.press("Approve")
    until(lambda: text.encode() in read(page)[1], what="the comment on the page")
    expect(bob.item(post).get_by_text("Waiting for Alice to approve it")).to_have_count(0)
    expect(bob.item(post).get_by_text(text)).to_be_visible()


def feed(person: Person) -> list[dict[str, str]]:
    return json.loads(read(f"{person.home.site.origin}/@{person.username}/feed.json")[1])["items"]


def test_a_later_comment_shows_at_once(story: Story) -> None:
    alice, bob = story.alice, story.bob
    post, text = story.public[0], story.public_word()
    bob.comment(post, text)
    page = next(item["url"] for item in feed(alice) if post in item["content_html"])
    until(lambda: text.encode() in read(page)[1], what="the second comment on the page")


def test_a_private_message_goes_both_ways(story: Story) -> None:
    alice, bob = story.alice, story.bob
    alice.message(bob.address)
    first = story.private_word()
    alice.say(f"Only for you: {first}")
    bob.open_talk_with("Alice")
    bob.press("Accept")
    expect(bob.bubble(first)).to_be_visible()
    alice.expect_mark(first, "Delivered")
    answer = story.private_word()
    bob.say(f"I read it. {answer}")
    expect(alice.bubble(answer)).to_be_visible()
    bob.expect_mark(answer, "Delivered")
    for person in (alice, bob):
        expect(here_mark(person)).to_have_text("Here now")
    photograph(alice.page, "talk-here")


def here_mark(person: Person) -> Locator:
    return person.page.locator(".conversation-head .here-mark")


def test_the_light_of_a_contact_goes_and_comes(story: Story) -> None:
    """On another site: shown in the conversation and in the list, gone with the page or when it is hidden."""
    alice, bob = story.alice, story.bob
    bob.page.goto("about:blank")
    expect(here_mark(alice)).to_have_count(0)
    bob.visit("/app/people")
    expect(here_mark(alice)).to_have_text("Here now")
    alice_on_list = bob.page.locator(".company li").filter(has_text="Alice").locator(".standing")
    expect(alice_on_list).to_have_text("Connected")
    bob.press("Hide my light")
    expect(here_mark(alice)).to_have_count(0)
    expect(alice_on_list).to_have_text("Connected")
    bob.press("Show my light")
    expect(here_mark(alice)).to_have_text("Here now")
    bob.open_talk_with("Alice")


def test_history_is_there_after_a_reload(story: Story) -> None:
    for person in (story.alice, story.bob):
        person.page.reload()
        for text in story.private[-2:]:
            expect(person.bubble(text)).to_be_visible()


def test_mail_waits_for_whoever_is_away(story: Story, context: BrowserContext) -> None:
    alice, bob = story.alice, story.bob
    bob.page.close()
    away = [story.private_word() for _ in range(3)]
    for text in away:
        alice.say(text)
    alice.expect_mark(away[-1], "Delivered")
    bob.page = context.new_page()
    bob.open_talk_with("Alice")
    for text in away:
        expect(bob.bubble(text)).to_be_visible()
    shown = [bubble for bubble in bob.page.locator(".bubble").all_inner_texts() if bubble in away]
    assert shown == away


def test_the_vaults_keep_and_find_it(story: Story) -> None:
    for person in (story.alice, story.bob):
        for text in story.private[-5:]:
            until(lambda person=person, text=text: kept(person, text), what=f"{text} at {person.name}'s")
        assert kept(person, story.private[-1][8:])
        status = json.loads(person.home.vault.run("status", "--json"))
        assert status["events"] >= 7
        until(lambda person=person: len(published(person)) == len(feed(person)), what="the posts")
    kept_words = " ".join(published(story.alice))
    assert all(word in kept_words for word in story.public[:2])


def test_the_public_pages_are_fit_to_be_seen(story: Story, context: BrowserContext) -> None:
    post = next(item["url"] for item in feed(story.alice) if story.public[0] in item["content_html"])
    page = context.new_page()
    for path, name in [
        ("/", "front"),
        ("/@alice", "public"),
        (post.removeprefix(story.alice.home.site.origin), "public-post"),
        ("/@alice/nothing-here", "public-nothing"),
    ]:
        page.goto(f"{story.alice.home.site.origin}{path}")
        photograph(page, name)
    page.close()


def test_a_killed_vault_loses_nothing_and_doubles_nothing(story: Story) -> None:
    alice, bob = story.alice, story.bob
    texts = [story.private_word() for _ in range(6)]
    for index, text in enumerate(texts):
        alice.say(text)
        if index == 2:
            bob.home.vault.child.kill()
    expect(bob.bubble(texts[-1])).to_be_visible()
    bob.home.vault.start()
    for text in texts:
        until(lambda text=text: len(kept(bob, text)) == 1, what=f"{text} once in the vault")


def test_a_killed_site_comes_back_as_it_was(story: Story) -> None:
    """With other keys of its own, which its browsers, its vault and the other site follow (SPEC 4.5)."""
    alice, bob = story.alice, story.bob
    bob.home.site.child.kill()
    text = story.private_word()
    alice.say(text)
    alice.expect_mark(text, "Sent")
    key = bob.home.site.manage("rotate_site_key")
    bob.home.site.start()
    bob.home.site.wait_ready()
    bob.open_talk_with("Alice")
    expect(bob.bubble(text)).to_be_visible(timeout=90_000)
    alice.expect_mark(text, "Delivered", 60)
    expect(bob.page.locator(".alarm")).to_have_count(0)
    bob.visit("/app/house/keys")
    expect(bob.page.get_by_text(key)).to_be_visible()
    until(lambda: kept(bob, text), what=f"{text} at the vault of the site with other keys")


def test_the_server_cannot_read_it(story: Story, world: World) -> None:
    """The canary: public words are found by the scan, private ones nowhere."""
    secret = {story.private_stem, *story.phrases}
    scan = Scan([story.public_stem, *secret])
    for home in world.homes:
        files = home.site.folder
        for database in files.glob("*.sqlite3"):
            sqlite3.connect(database).execute("PRAGMA wal_checkpoint(PASSIVE)")
        found = set().union(*scan.words_in_folder(files).values())
        assert story.public_stem in found
        assert not found & secret
        in_memory = set().union(*scan.words_in_process(home.site.child.pid).values())
        assert story.public_stem in in_memory
        assert not in_memory & secret
