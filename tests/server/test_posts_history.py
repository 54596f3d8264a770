"""Earlier versions, drafts, and what a member bumps and recommends."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from federation import clock
from signaling import relay
from social.accounts.models import User
from social.posts import revisions
from social.posts.models import Bump, Draft, Feed, Follow, Item, Post, PostVersion, Recommendation
from social.safety.models import Block
from tests.server.conftest import Member
from tests.server.test_posts_writing import ask, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": "localhost:8001"})


class Hand:
    """A clock that moves when it is told to."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    hand = Hand(clock.now())
    monkeypatch.setattr(clock, "now", hand)
    return hand


def test_what_a_post_said_before_can_be_read(alice: Member, stranger: Client) -> None:
    post = write(alice, "first *words*", "One")
    path = f"/@alice/{post['slug']}"
    assert stranger.get(f"{path}/history").status_code == 404
    whole, feed = stranger.get(path), stranger.get("/@alice/feed.json")
    ask(alice, "patch", f"posts/{post['id']}", {"source": "second words"})
    changed = ask(alice, "patch", f"posts/{post['id']}", {"title": "Two", "source": "third <words>"})
    assert (changed["version"], changed["url"]) == (3, post["url"])
    assert stranger.get(path)["etag"] != whole["etag"]
    assert f'href="{post["url"]}/history"' in stranger.get(path).content.decode()
    assert stranger.get("/@alice/feed.json")["etag"] != feed["etag"]

    history = stranger.get(f"{path}/history").content.decode()
    assert history.index("Version 2") < history.index("second words") < history.index("Version 1")
    assert "<em>words</em>" in history
    versions = ask(alice, "get", f"posts/{post['id']}/versions")["versions"]
    assert [(one["number"], one["title"]) for one in versions] == [(2, "One"), (1, "One")]
    assert versions[1]["time"] == post["updated"]

    same = ask(alice, "patch", f"posts/{post['id']}", {"title": "Two"})
    assert same["version"] == 3
    hidden = ask(alice, "patch", f"posts/{post['id']}", {"open_history": False})
    assert (hidden["open_history"], hidden["version"], hidden["updated"]) == (False, 3, changed["updated"])
    assert stranger.get(f"{path}/history").status_code == 404
    assert "/history" not in stranger.get(path).content.decode()
    assert ask(alice, "get", f"posts/{post['id']}/versions")["versions"] == versions


def test_no_version_outlives_its_post(
    alice: Member, stranger: Client, make_member: Callable[[str], Member]
) -> None:
    post = write(alice, "secret once", "One")
    ask(alice, "patch", f"posts/{post['id']}", {"source": "harmless"})
    bob = make_member("bob")
    assert ask(bob, "get", f"posts/{post['id']}/versions", status=404)["code"] == "not_found"
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert not PostVersion.objects.exists()
    gone = stranger.get(f"/@alice/{post['slug']}/history")
    assert (gone.status_code, b"secret" in gone.content) == (410, False)


def test_a_hundred_versions_are_kept(alice: Member) -> None:
    id = write(alice, "0")["id"]
    post = Post.objects.get(pk=id)
    for post.version in range(1, 101):
        revisions.remember(post)
    Post.objects.filter(pk=id).update(version=101)
    for number in (101, 102):
        ask(alice, "patch", f"posts/{id}", {"source": str(number)})
    kept = ask(alice, "get", f"posts/{id}/versions")["versions"]
    assert [kept[0]["number"], kept[-1]["number"], len(kept)] == [102, 3, 100]


def test_the_same_post_sent_twice_is_one(alice: Member, make_member: Callable[[str], Member]) -> None:
    wish = {"uid": str(uuid4()), "source": "once", "title": None}
    first = ask(alice, "post", "posts", wish, 201)
    assert ask(alice, "post", "posts", wish, 201) == first
    assert first["uid"] == f"urn:uuid:{wish['uid']}"
    assert Post.objects.count() == 1
    bob = make_member("bob")
    assert ask(bob, "post", "posts", wish, 409)["code"] == "taken"
    ask(alice, "delete", f"posts/{first['id']}", status=204)
    assert ask(alice, "post", "posts", wish, 410)["code"] == "gone"


def test_drafts_are_kept_until_published(alice: Member, make_member: Callable[[str], Member]) -> None:
    one = ask(alice, "post", "drafts", {"source": "half a", "tags": ["any thing!"]}, 201)
    two = ask(alice, "post", "drafts", {"title": "Only a title", "source": ""}, 201)
    assert [draft["id"] for draft in ask(alice, "get", "drafts")["drafts"]] == [two["id"], one["id"]]
    changed = ask(alice, "put", f"drafts/{one['id']}", {"source": "half a sentence"})
    assert (changed["source"], changed["tags"], changed["id"]) == ("half a sentence", [], one["id"])
    assert [draft["id"] for draft in ask(alice, "get", "drafts")["drafts"]] == [one["id"], two["id"]]

    bob = make_member("bob")
    for method, body in (("get", None), ("put", {"source": "his"}), ("delete", None)):
        assert ask(bob, method, f"drafts/{one['id']}", body, 404)["code"] == "not_found"
    ask(bob, "post", "posts", {"source": "x", "draft": one["id"]}, 201)
    assert Draft.objects.count() == 2

    ask(alice, "post", "posts", {"source": "", "draft": one["id"]}, 400)
    ask(alice, "post", "posts", {"source": "a sentence", "draft": one["id"]}, 201)
    ask(alice, "delete", f"drafts/{two['id']}", status=204)
    assert ask(alice, "get", "drafts") == {"drafts": []}


def test_a_change_has_one_draft_and_goes_with_its_post(
    alice: Member, make_member: Callable[[str], Member]
) -> None:
    post = write(alice, "x")
    first = ask(alice, "post", "drafts", {"source": "y", "post": post["id"]}, 201)
    assert ask(alice, "post", "drafts", {"source": "z", "post": post["id"]}, 201)["id"] == first["id"]
    bob = make_member("bob")
    assert ask(bob, "post", "drafts", {"source": "y", "post": post["id"]}, 404)["code"] == "not_found"
    ask(alice, "patch", f"posts/{post['id']}", {"source": "z", "draft": first["id"]})
    assert not Draft.objects.exists()
    ask(alice, "post", "drafts", {"source": "y", "post": post["id"]}, 201)
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert not Draft.objects.exists()


def test_drafts_are_bounded(alice: Member) -> None:
    for _ in range(100):
        ask(alice, "post", "drafts", {"source": "x"}, 201)
    assert ask(alice, "post", "drafts", {"source": "x"}, 409)["code"] == "too_many_drafts"
    cache.clear()
    bad = [{"source": "x" * 60_001}, {"source": "x", "title": "t" * 201}, {"source": "a\0b"}, {}, []]
    for body in bad:
        assert ask(alice, "put", f"drafts/{Draft.objects.latest('id').pk}", body, 400)["code"] == "schema"
    ask(alice, "put", f"drafts/{Draft.objects.latest('id').pk}", {"source": "x" * 60_000, "title": "t" * 200})


@pytest.fixture
def lit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every login has its websocket open."""
    monkeypatch.setattr(relay, "login_online", lambda username, login: True)


def views(member: Member) -> list[tuple[str, int]]:
    return [(one["title"], one["people"]) for one in ask(member, "get", "recent")["views"]]


@pytest.mark.usefixtures("lit")
def test_bumped_posts_are_the_recent_views(
    alice: Member, make_member: Callable[[str], Member], stranger: Client, hand: Hand, lit: None
) -> None:
    bob = make_member("bob")
    bob.enrol()
    one, two = write(alice, "x", "One"), write(bob, "x", "Two")
    assert views(alice) == []
    ask(alice, "post", f"timeline/{one['timeline']}/bump", status=204)
    hand.now += 1
    ask(alice, "post", f"timeline/{two['timeline']}/bump", status=204)
    assert views(alice) == [("Two", 1), ("One", 1)]
    hand.now += 1
    ask(bob, "post", f"timeline/{one['timeline']}/bump", status=204)
    assert views(bob) == [("One", 2), ("Two", 1)]
    front = stranger.get("/").content.decode()
    assert front.index(one["url"]) < front.index(two["url"])
    assert "bumped by 2 people" in front

    hand.now += clock.HOUR - 2
    ask(alice, "post", f"timeline/{one['timeline']}/bump", status=204)
    assert ask(alice, "post", f"timeline/{two['timeline']}/bump", status=409)["code"] == "too_soon"
    assert Bump.objects.count() == 3
    hand.now += clock.HOUR
    ask(alice, "post", f"timeline/{two['timeline']}/bump", status=204)
    assert views(alice) == [("Two", 1), ("One", 2)]

    ask(bob, "patch", f"posts/{two['id']}", {"title": "Two again"})
    assert b"Two again" in stranger.get("/").content
    ask(bob, "delete", f"posts/{two['id']}", status=204)
    assert views(alice) == [("One", 2)]
    assert b"Two again" not in stranger.get("/").content


def test_the_recent_views_are_twelve(alice: Member, hand: Hand, lit: None) -> None:
    for number in range(13):
        hand.now += 1
        post = write(alice, "x", f"P{number}")
        ask(alice, "post", f"timeline/{post['timeline']}/bump", status=204)
    assert [title for title, _ in views(alice)] == [f"P{n}" for n in range(12, 0, -1)]


def test_without_a_green_light_nothing_is_lifted(alice: Member) -> None:
    post = write(alice, "x")
    for method, deed in (("post", "bump"), ("put", "recommend")):
        refused = ask(alice, method, f"timeline/{post['timeline']}/{deed}", status=409)
        assert refused["code"] == "not_connected"
    assert not Bump.objects.exists()
    assert not Recommendation.objects.exists()


def test_the_blocked_lift_nothing(alice: Member, lit: None) -> None:
    post = write(alice, "x")
    Block.objects.create(username="alice", label="@alice", until=clock.now() + clock.HOUR)
    for method, deed in (("post", "bump"), ("put", "recommend")):
        refused = ask(alice, method, f"timeline/{post['timeline']}/{deed}", status=403)
        assert refused["code"] == "blocked"


def test_what_is_not_there_is_not_lifted(alice: Member, lit: None) -> None:
    for name in ("p999", "p", "x1", "i1", "p1p", "p" + "9" * 20):
        assert ask(alice, "post", f"timeline/{name}/bump", status=404)["code"] == "not_found"
        assert ask(alice, "put", f"timeline/{name}/recommend", status=404)["code"] == "not_found"


def followed_item(alice: Member) -> Item:
    feed = Feed.objects.create(url="https://far.example/feed", kind="atom", title="Far away")
    Follow.objects.create(user=User.objects.get(username="alice"), feed=feed)
    return Item.objects.create(
        feed=feed, guid="1", url="https://far.example/1", title="From <far>", published=1, updated=1
    )


def test_recommendations_are_listed_and_taken_back(alice: Member, stranger: Client, lit: None) -> None:
    post, item = write(alice, "x", "Near"), followed_item(alice)
    for name in (post["timeline"], f"i{item.pk}"):
        for _ in range(2):
            ask(alice, "put", f"timeline/{name}/recommend", status=204)
    shown = ask(alice, "get", "recent")["recommended"]
    assert [(one["title"], one["author"]) for one in shown] == [("From <far>", "Far away"), ("Near", "")]
    timeline = {one["id"]: one for one in ask(alice, "get", "timeline")["items"]}
    assert timeline[f"i{item.pk}"]["recommended"]
    assert (timeline[f"i{item.pk}"]["bumpable"], timeline[post["timeline"]]["bumpable"]) == (False, True)
    assert ask(alice, "post", f"timeline/i{item.pk}/bump", status=404)["code"] == "not_found"
    for path in ("/", "/@alice"):
        page = stranger.get(path).content.decode()
        assert page.index("https://far.example/1") < page.rindex(post["url"])
        assert "From &lt;far&gt;" in page
    ask(alice, "delete", f"timeline/i{item.pk}/recommend", status=204)
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert ask(alice, "get", "recent") == {"views": [], "recommended": []}
    assert b"far.example" not in stranger.get("/@alice").content


def test_what_is_recommended_stays_when_its_feed_forgets_it(alice: Member, lit: None) -> None:
    item = followed_item(alice)
    ask(alice, "put", f"timeline/i{item.pk}/recommend", status=204)
    item.feed.delete()
    assert [one["url"] for one in ask(alice, "get", "recent")["recommended"]] == ["https://far.example/1"]
