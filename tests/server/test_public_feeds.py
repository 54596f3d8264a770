"""Our feeds keep every rule of JSON Feed 1.1 and of RFC 4287, and foreign readers find the same posts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import feedparser
import mf2py
import pytest

from social.accounts.models import User
from social.people import profiles
from social.posts import recent
from social.posts.models import Post
from social.public import published
from social.public.models import PublishedPage
from tests.server import feed_rules
from tests.server.conftest import Member
from tests.server.test_posts_media import ask
from tests.server.test_posts_signed import first, signed, wish
from tests.server.test_public_markup import WORDS
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db(transaction=True)


ALTS = ('A "<lamp>" &', "", "A paper")


@pytest.fixture
def written(alice: Member, settings: Any, tmp_path: Any, make_member: Callable[[str], Member]) -> Member:
    """alice, with all that a feed can hold: posts in five scripts, edited, deleted, signed, with files of
    each kind and characters that no XML may hold; and bob, who has said nothing."""
    settings.MEDIA_ROOT = tmp_path
    make_member("bob")
    profiles.change(User.objects.get(username="alice"), {"name": "Ana <b>&", "description": "Two\n& more"})
    for title, text in WORDS:
        ask(alice, "post", "posts", {"title": title, "source": text, "tags": ["winter evening"]}, 201)
    gone = ask(alice, "post", "posts", {"title": "Soon", "source": "gone"}, 201)
    ask(alice, "delete", f"posts/{gone['id']}", status=204)
    draft = first(title="Signed", text="By hand \x01\x0b")
    ask(alice, "post", "posts", wish(draft, signed(alice, draft)), 201)
    sent = [
        prepared(alice, picture(64, 48), "a & b.png"),
        prepared(alice, b"ID3\x04" + bytes(300), 'the "bell".mp3'),
        prepared(alice, b"%PDF-1.4\n" + bytes(100), "<paper>.pdf"),
    ]
    shows = [
        {"uid": one["uid"], "alt": alt} for one, alt in zip(sent, ('A "<lamp>" &', "", "c"), strict=True)
    ]
    ask(alice, "post", "posts", {"title": None, "source": "", "shows": shows}, 201)
    recent.recommend(User.objects.get(username="alice"), Post.objects.filter(deleted=None).earliest("pk"))
    return alice


def feeds(kind: str) -> dict[str, bytes]:
    return {one.path: bytes(one.body) for one in PublishedPage.objects.filter(content_type=kind, status=200)}


def test_json_feeds_keep_every_rule(written: Member) -> None:
    found = feeds(published.JSON_FEED)
    assert {"/@alice/feed.json", "/@bob/feed.json"} < found.keys()
    assert len(found) > 4
    for path, body in found.items():
        assert list(feed_rules.json_feed(json.loads(body))) == [], path


def test_atom_feeds_keep_every_rule(written: Member) -> None:
    found = feeds(published.ATOM)
    assert {"/@alice/feed.atom", "/@bob/feed.atom"} < found.keys()
    for path, body in found.items():
        assert list(feed_rules.atom(ElementTree.fromstring(body))) == [], path


def test_readers_find_the_same_posts_in_each_form(written: Member) -> None:
    items = json.loads(feeds(published.JSON_FEED)["/@alice/feed.json"])["items"]
    entries = feedparser.parse(feeds(published.ATOM)["/@alice/feed.atom"]).entries
    page = written.client.get("/@alice").content.decode()
    (feed,) = (one for one in mf2py.parse(page)["items"] if "h-feed" in one["type"])
    shown = [one["properties"] for one in feed["children"] if "h-entry" in one["type"]]
    assert len(items) == len(WORDS) + 2
    urls = [item["url"] for item in items]
    assert [entry.link for entry in entries] == urls
    assert [one["url"][0] for one in shown] == urls
    for item, entry in zip(items, entries, strict=True):
        assert entry.id == item["id"]
        assert (entry.published, entry.updated) == (item["date_published"], item["date_modified"])
        assert [tag.term for tag in entry.get("tags", [])] == item.get("tags", [])
        named = [(one["url"], one["mime_type"], one["size_in_bytes"]) for one in item.get("attachments", [])]
        enclosed = [(one.href, one.type, int(one.length)) for one in entry.enclosures]
        assert enclosed == named
    for item, one in zip(items, shown, strict=True):
        assert one["published"][0][:19] == item["date_published"][:19]
        images = [a["url"] for a in item.get("attachments", []) if a["mime_type"].startswith("image/")]
        assert [photo["value"] for photo in one.get("photo", [])] == images


def test_the_checkers_see_what_is_wrong(written: Member) -> None:
    good = json.loads(feeds(published.JSON_FEED)["/@alice/feed.json"])
    bad: list[Callable[[Any], Any]] = [
        lambda feed: feed.pop("title"),
        lambda feed: feed.update(version="https://jsonfeed.org/version/1"),
        lambda feed: feed.update(icon="icon.png"),
        lambda feed: feed["items"][0].pop("id"),
        lambda feed: feed["items"][0].update(id=5),
        lambda feed: feed["items"][0].pop("content_html"),
        lambda feed: feed["items"][0].update(date_published="2026-01-01"),
        lambda feed: feed["items"][0].update(author={"name": "x"}),
        lambda feed: feed["items"][0]["attachments"][0].pop("mime_type"),
        lambda feed: feed["items"][0]["attachments"][0].update(size_in_bytes="3"),
        lambda feed: feed["items"].append(feed["items"][0]),
    ]
    for change in bad:
        feed = copy.deepcopy(good)
        change(feed)
        assert list(feed_rules.json_feed(feed)), change
    text = feeds(published.ATOM)["/@alice/feed.atom"].decode()
    for old, new in (
        ("<updated>", "<updated>x"),
        ("<id>urn:uuid:", "<id>not an iri "),
        ("</author>", "<email>nobody</email></author>"),
        ('rel="self"', 'rel="alternate"'),
        ("</entry>", "<published>2026-01-01T00:00:00Z</published></entry>"),
        ("<category term=", "<category label="),
        ('length="', 'length="-'),
        ('<content type="html"', '<content kind="html"'),
    ):
        assert old in text, old
        assert list(feed_rules.atom(ElementTree.fromstring(text.replace(old, new)))), new
