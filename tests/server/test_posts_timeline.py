"""One timeline of many feeds: nothing twice, muted things out, one place read for all browsers; OPML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from federation import clock
from federation.drain import drain_once
from federation.models import Job
from social.posts import markup, polling, sameness, timeline
from social.posts.models import Feed, Follow, Item
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply, item, json_feed

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


def follow(member: Member, far: Elsewhere, path: str, *items: Any) -> Any:
    far.pages[path] = json_feed(*items)
    answer = member.client.post("/api/v1/follows", {"address": far.origin + path}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return answer.json()


def page(member: Member, before: str = "") -> Any:
    return member.client.get("/api/v1/timeline", {"before": before} if before else {}).json()


def texts(member: Member) -> list[str]:
    return [markup.to_text(one["body"]) for one in page(member)["items"]]


def change(member: Member, follow: Any, **changes: Any) -> Any:
    return member.client.patch(f"/api/v1/follows/{follow['id']}", changes, content_type=JSON)


# --- nothing twice ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Example.org/a/", "http://www.example.org/a?utm_source=x#top", True),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?a=2&b=1", True),
        ("https://example.org/a?b=1", "https://example.org/a?b=2", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a", "https://example.org:8443/a", False),
        ("https://example.org/a", "https://example.com/a", False),
    ],
)
def test_links_are_the_same_however_they_are_spelled(one: str, other: str, same: bool) -> None:
    assert (sameness.link_key(one) == sameness.link_key(other)) is same


@pytest.mark.parametrize("nothing", ["", "7", "post-7", "https://example.org/", "https://[", "mailto:a@b.c"])
def test_what_anybody_could_say_is_the_same_as_nothing(nothing: str) -> None:
    assert sameness.guid_key(nothing) == sameness.link_key(nothing) == ""


def test_what_two_feeds_bring_is_shown_once(alice: Member, far: Elsewhere) -> None:
    follow(alice, far, "/a", item(1, "first", id="urn:uuid:1", url="https://x.example/1"), item(2, "two"))
    second = [item(9, "by id", id="urn:uuid:1", url="https://y.example/1"), item(8, "by link", id="z")]
    second[1]["url"] = "http://far.example/2/?utm_medium=feed"
    planet = follow(alice, far, "/b", *second, item(3, "three"))
    assert sorted(texts(alice)) == ["first", "three", "two"]
    assert Item.objects.count() == 5

    change(alice, {"id": Follow.objects.earliest("id").pk}, muted=True)
    assert sorted(texts(alice)) == ["by id", "by link", "three"]
    change(alice, planet, muted=True)
    assert texts(alice) == []


def test_equal_numbers_in_two_feeds_are_two_things(alice: Member, far: Elsewhere) -> None:
    follow(alice, far, "/a", item(1, "a", url="https://a.example/x"))
    follow(alice, far, "/b", item(1, "b", url="https://b.example/x"))
    assert sorted(texts(alice)) == ["a", "b"]


# --- pages and places -------------------------------------------------------------------------


def test_every_page_joins_the_next_with_many_feeds_and_equal_times(alice: Member, make_member: Any) -> None:
    user = User(alice)
    at = clock.now() - clock.HOUR
    for number in range(30):
        feed = Feed.objects.create(url=f"https://f{number}.example/", kind="json")
        Follow.objects.create(user=user, feed=feed)
        times = [at - (number * 7 + place * 13) % 40 for place in range(9)]
        Item.objects.bulk_create(
            Item(feed=feed, guid=str(place), published=when, updated=when, body=[f"{number}.{place}"])
            for place, when in enumerate(times)
        )
    alice.client.post("/api/v1/posts", {"source": "mine"}, content_type=JSON)
    seen, before = [], None
    while True:
        found = page(alice, before or "")
        seen += found["items"]
        before = found["next"]
        if before is None:
            break
    assert len(seen) == 271
    places = [timeline.place(one["cursor"]) for one in seen]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == 271


def User(member: Member) -> Any:
    from social.accounts.models import User as Users

    return Users.objects.get(username=member.username)


def test_the_place_read_is_kept_for_all_browsers_and_goes_forward_only(alice: Member, far: Elsewhere) -> None:
    follow(alice, far, "/a", *(item(n, date_published=f"2026-01-0{n}T00:00:00Z") for n in (3, 2, 1)))
    found = page(alice)
    newest, middle, oldest = (one["cursor"] for one in found["items"])
    assert found["read"] is None
    for cursor, kept in ((middle, middle), (oldest, middle), (newest, newest), (middle, newest)):
        answer = alice.client.put("/api/v1/timeline/read", {"cursor": cursor}, content_type=JSON)
        assert answer.json() == {"cursor": kept}
    assert page(alice)["read"] == newest
    for bad in ("", "x", "1.q1", "9" * 30 + ".i1", 7):
        answer = alice.client.put("/api/v1/timeline/read", {"cursor": bad}, content_type=JSON)
        assert answer.status_code == 400


# --- settings of one follow -------------------------------------------------------------------


def test_a_follow_can_be_renamed_and_muted(alice: Member, make_member: Any, far: Elsewhere) -> None:
    followed = follow(alice, far, "/a", item(1))
    assert (followed["title"], followed["muted"]) == ("", False)
    assert change(alice, followed, title="  My   name ").json()["title"] == "My name"
    assert change(alice, followed, title="x" * 101).status_code == 400
    bob = make_member("bob")
    assert change(bob, followed, muted=True).status_code == 404

    bob.client.post("/api/v1/posts", {"source": "of bob"}, content_type=JSON)
    answer = alice.client.post("/api/v1/follows", {"address": "@bob@localhost:8001"}, content_type=JSON)
    assert "of bob" in texts(alice)
    assert change(alice, answer.json(), muted=True).json()["muted"] is True
    assert texts(alice) == ["n 1"]


# --- OPML -------------------------------------------------------------------------------------


def take(member: Member, opml: str, status: int = 200) -> Any:
    answer = member.client.post("/api/v1/follows/opml", {"opml": opml}, content_type=JSON)
    assert answer.status_code == status, answer.content
    return answer.json()


def opml(*urls: str) -> str:
    outlines = "".join(f'<outline type="rss" text="T" xmlUrl="{url}"/>' for url in urls)
    return f'<opml version="2.0"><head/><body><outline text="Group">{outlines}</outline></body></opml>'


def test_a_list_is_taken_once_and_looked_at_later(alice: Member, make_member: Any, far: Elsewhere) -> None:
    make_member("bob")
    far.pages["/feed"] = json_feed(item(1))
    far.pages["/page"] = Reply(b'<html><link rel="alternate" type="application/feed+json" href="/feed2">')
    far.pages["/feed2"] = json_feed(item(2))
    listed = opml(
        f"{far.origin}/feed", f"{far.origin}/page", "http://localhost:8001/@bob", "file:///etc/passwd"
    )
    report = take(alice, listed)
    assert [len(report[name]) for name in ("added", "known", "refused")] == [3, 0, 1]
    assert far.asked == []
    again = take(alice, listed)
    assert [len(again[name]) for name in ("added", "known", "refused")] == [0, 3, 1]

    for feed in Feed.objects.all():  # one feed of a site at a time
        Job.objects.filter(kind=polling.KIND, key=str(feed.pk)).update(next_run_at=clock.now() - 1)
        assert drain_once([polling.KIND]) == 1
    assert sorted(texts(alice)) == ["n 1", "n 2"]
    assert Feed.objects.filter(url=f"{far.origin}/feed2", kind="json").exists()


def test_what_goes_out_comes_in_again(alice: Member, make_member: Any, far: Elsewhere) -> None:
    odd = 'Tom & "Jerry" <b>\x01 ünï 漢字'
    followed = follow(alice, far, "/a?x=1&y=%222%22", item(1))
    change(alice, followed, title=odd[:100])
    written = alice.client.get("/api/v1/follows/opml")
    assert written.headers["content-type"] == "text/x-opml; charset=utf-8"
    (outline,) = ElementTree.fromstring(written.content).findall("body/outline")
    assert outline.get("text") == odd.replace("\x01", "")
    assert outline.get("xmlUrl") == f"{far.origin}/a?x=1&y=%222%22"
    assert take(make_member("bob"), written.content.decode())["added"] == [f"{far.origin}/a?x=1&y=%222%22"]


BOMB = '<!DOCTYPE x [<!ENTITY a "b">]>' + opml("https://a.example/&a;")


@pytest.mark.parametrize("bad", ["", "no", "<html>", "{}", BOMB, "<opml", "\x00", '<rss version="2.0"/>'])
def test_what_is_no_list_is_said_so(alice: Member, bad: str) -> None:
    assert alice.client.post("/api/v1/follows/opml", {"opml": bad}, content_type=JSON).status_code == 400
    assert not Feed.objects.exists()


def test_a_list_that_is_too_long_changes_nothing(alice: Member) -> None:
    take(alice, opml(*(f"https://a.example/{n}" for n in range(1_001))), 429)
    assert not Feed.objects.exists()
    assert json.loads(json.dumps(take(alice, opml("https://a.example/1"))))["added"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed:https://a.example/f", "https://a.example/f"),
        ("feed://a.example/f", "https://a.example/f"),
        ("FEED:http://a.example/f", "http://a.example/f"),
        ("a.example/f", "https://a.example/f"),
        ("  https://a.example/f ", "https://a.example/f"),
    ],
)
def test_addresses_in_lists_are_taken_as_others_write_them(alice: Member, written: str, meant: str) -> None:
    assert take(alice, opml(written))["added"] == [meant]
